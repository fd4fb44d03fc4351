//! The confidentiality review and the disclosure attribute.
//!
//! Sources: 保守国家秘密法第三十五条, 实施条例第四十二条; 政府信息公开条例第十四至十七条;
//! `norms/secrecy.toml` for the five conclusions.

use super::codes::codes;

codes! {
/// What a confidentiality review concludes.
Conclusion {
    /// 公开: this very version may go out
    Open = "open",
    /// 删减/脱敏后公开: goes back to be cut, then is reviewed anew
    Redact = "redact",
    /// 不予公开: closes every path to publication
    NotOpen = "not-open",
    /// 需报审: the clock stops until a higher authority has answered
    Escalate = "escalate",
    /// 退回补正: papers are missing
    Amend = "amend",
}}

impl Conclusion {
    /// Everything but 公开 must say why.
    pub fn needs_opinion(self) -> bool {
        self != Conclusion::Open
    }
}

codes! {
/// Why something is not open: 政府信息公开条例第十四、十五、十六条.
Ground {
    /// 第十四条: state secrets, forbidden by law, four securities and one stability
    Article14 = "14",
    /// 第十五条: business secrets and privacy
    Article15 = "15",
    /// 第十六条第一款: internal affairs
    Article16Internal = "16.1",
    /// 第十六条第二款: deliberation and enforcement files
    Article16Process = "16.2",
}}

codes! {
/// 公开属性: set before an item may circulate (`norms/secrecy.toml`, disclosure_attr).
Disclosure {
    /// 主动公开
    Open = "open",
    /// 依申请公开
    OnRequest = "on-request",
    /// 不予公开
    None = "none",
}}
