//! What the words before a number say it is.
//!
//! The nearest label decides: the same eighteen digits are a person behind 身份证号 and a paper
//! behind 受理编号. Labels are looked for in the clause the number stands in, never further.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// What a label announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cue {
    /// An identity number.
    Identity,
    /// A bank card or account.
    Card,
    /// A credit code or taxpayer number.
    Tax,
    /// A telephone of an office.
    Phone,
    /// A telephone at home.
    Home,
    /// A passport or permit.
    Travel,
    /// A number of a paper, a transaction or a thing.
    Serial,
    /// An amount or a count.
    Amount,
}

const LABELS: &[(Cue, &str)] = &[
    (
        Cue::Identity,
        "身份证 公民身份号码 身份号码 身份号 身份编号 证件号 证件编号 证件 证号 身分证 居民证 id card id number id no idcard",
    ),
    (
        Cue::Card,
        "银行卡 卡号 账号 帐号 账户 帐户 储蓄卡 借记卡 信用卡 工资卡 存折 收款人 汇入 转入 打入 户名 开户行 开户 一卡通 社保卡 card no card number account a/c 尾号",
    ),
    (
        Cue::Tax,
        "统一社会信用代码 社会信用代码 信用代码 纳税人识别号 识别号 税号 登记号 税务登记证号 组织机构代码 代码 uscc tax id tin 扣缴义务人编码 购买方 销售方",
    ),
    (
        Cue::Phone,
        "电话 手机 联系 致电 拨打 来电 热线 座机 传真 tel phone mobile fax call 联系人 联系方式 短信 微信 办公室 咨询 监督 举报 值班 总机 cell contact 支付宝",
    ),
    (
        Cue::Home,
        "家庭电话 住宅电话 宅电 家中电话 家电 私人电话 住宅",
    ),
    (
        Cue::Travel,
        "护照 通行证 旅行证 回乡证 台胞证 往来港澳 往来台湾 居留证 居住证 passport permit 证件号码 证件号",
    ),
    (
        Cue::Serial,
        "流水号 流水 编号 单号 订单 票号 票号码 税票 税票号码 发票 发票代码 发票号码 发票号 受理 受理号 文书 文书号 序列号 序号 批次 批号 条码 条形码 合同 合同号 凭证 凭证号 案号 档号 档案号 机身 设备 编码 业务号 回执 备案 备案号 许可证 许可证号 登记证书 报关单 提单 运单 快递 物流 商品 版本 校验码 验证码 防伪码 密码 机器 完税证 索引号 文号 证书 车架 发动机 房产证 不动产 学号 工号 交易号 交易 单据 申报号 申请号 通知书 决定书 处罚 裁定 判决 公告 标识码 追溯码 防伪 工单 项目 招标 采购 任务 系统号 serial order invoice ref no. sn imei isbn tracking ticket number # 条款 税则 税目 材料号 件号 册号 传票 支票 汇票 保单 保险单 缴款书 专利 著作权 软著 登记表 申报表 申请表 准考证 报名号 报名序号 注册号 网址 版号 刊号 书号 邮编 邮政编码 qq 考号 会议号 户号 会员号 用户号 客户号 区划 行政区划 物料 资产 固定资产 库存 车次 航班 协议",
    ),
    (
        Cue::Amount,
        "金额 收入 税款 税额 减免 共计 合计 总计 累计 余额 产值 销售额 营业额 利润 支出 预算 退税额 退税款 应纳 应税 实缴 补缴 罚款 滞纳金 价款 货款 价值 总值 人民币 rmb ¥ ￥ $ 流量 浏览量 点击 访问量 数量 总量 面积 本期 本年 上年 同期 增减 增幅 系数 比率 东经 北纬 经度 纬度",
    ),
];

/// Words that look like a label of a serial number but end one of another kind.
static WORDS: LazyLock<Vec<(Cue, &'static str)>> = LazyLock::new(|| {
    // The few English labels of two words are kept whole by listing them here.
    const PHRASES: [(Cue, &str); 19] = [
        (Cue::Identity, "id no."),
        (Cue::Card, "card no."),
        (Cue::Card, "card"),
        (Cue::Card, "account no."),
        (Cue::Tax, "tax no."),
        (Cue::Phone, "phone no."),
        (Cue::Phone, "mobile no."),
        (Cue::Phone, "tel no."),
        (Cue::Phone, "tel."),
        (Cue::Travel, "passport no."),
        (Cue::Identity, "id card"),
        (Cue::Identity, "id number"),
        (Cue::Identity, "id no"),
        (Cue::Card, "card no"),
        (Cue::Card, "card number"),
        (Cue::Tax, "tax id"),
        (Cue::Phone, "phone number"),
        (Cue::Phone, "mobile number"),
        (Cue::Travel, "passport number"),
    ];
    let single = LABELS
        .iter()
        .flat_map(|(cue, words)| words.split(' ').map(|w| (*cue, w)));
    single
        .filter(|(_, w)| !matches!(*w, "id" | "card" | "no" | "tax" | "number"))
        .chain(PHRASES)
        .collect()
});

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .build(WORDS.iter().map(|(_, w)| *w))
        .ok()
});

/// Characters between a label and its number, at most: `号码（全国统一）为：`.
const REACH: usize = 10;

/// The beginning of the clause that `at` stands in, at most 72 bytes back.
fn clause(text: &str, at: usize) -> usize {
    let mut from = at.saturating_sub(72);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text[from..at]
        .char_indices()
        .rev()
        .find(|(_, c)| {
            matches!(
                c,
                '。' | '；' | '，' | ';' | ',' | '！' | '？' | '\n' | '|' | '\t' | '】' | '》'
            )
        })
        .map_or(from, |(k, c)| from + k + c.len_utf8())
}

/// The label nearest before a place, within its clause. A label of a paper or an amount counts only
/// where it stands directly before the number; a telephone may follow a name.
pub fn before(text: &str, at: usize) -> Option<Cue> {
    let from = clause(text, at);
    let window = &text[from..at];
    let finder = FINDER.as_ref()?;
    let best = finder
        .find_overlapping_iter(window)
        .max_by_key(|m| (m.end(), m.end() - m.start()));
    // Any other word ending in 号 or 码 names a paper or a thing, whatever it is: 考生号, 查询码.
    let label = window.trim_end_matches(|c| is_joint(c) && !matches!(c, '号' | '码'));
    let named = label.ends_with('号') || label.ends_with('码') && !label.ends_with("号码");
    let close = best.is_some_and(|m| m.end() + "号码".len() >= label.len());
    if named && !close {
        return Some(Cue::Serial);
    }
    let best = best?;
    let cue = WORDS[best.pattern().as_usize()].0;
    let between = &window[best.end()..];
    let near = match cue {
        Cue::Serial | Cue::Amount => between.trim_matches(is_joint).is_empty(),
        // Other numbers of the same list do not count: 电话：0571-88888888/87777777.
        _ => between.chars().filter(|c| !c.is_ascii_digit()).count() <= REACH,
    };
    near.then_some(cue)
}

/// What may stand between a label and its number without adding to the meaning.
fn is_joint(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '：' | ':'
                | '为'
                | '是'
                | '（'
                | '('
                | '“'
                | '"'
                | '\''
                | '第'
                | '约'
                | '达'
                | '近'
                | '='
                | '＝'
                | '号'
                | '码'
                | '.'
                | '-'
                | '了'
                | '['
                | '【'
                | '*'
                | '`'
        )
}

/// Whether a label of this kind stands anywhere in the 40 characters before a place.
pub fn near(text: &str, at: usize, cue: Cue) -> bool {
    let mut from = at.saturating_sub(120);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let Some(finder) = FINDER.as_ref() else {
        return false;
    };
    finder
        .find_overlapping_iter(&text[from..at])
        .any(|m| WORDS[m.pattern().as_usize()].0 == cue)
}

/// Whether what follows a number makes it an amount, a count or the number of a paper.
pub fn counted(text: &str, end: usize) -> bool {
    let rest = text[end..].trim_start_matches(' ');
    // (13800138000)元: the unit stands behind the bracket.
    let rest = rest
        .strip_prefix([')', '）'])
        .filter(|r| r.starts_with(['元', '万', '%']))
        .unwrap_or(rest);
    let mut chars = rest.chars();
    let first = chars.next();
    let second = chars.next();
    match first {
        Some('.') => second.is_some_and(|c| c.is_ascii_digit()),
        Some(',') => {
            // A thousands separator, not the comma of a list.
            let digits: Vec<char> = rest[1..].chars().take(4).collect();
            digits.len() >= 3
                && digits[..3].iter().all(char::is_ascii_digit)
                && !digits.get(3).is_some_and(char::is_ascii_digit)
        }
        Some(
            '元' | '次' | '件' | '吨' | '%' | '％' | '‰' | '项' | '条' | '份' | '辆' | '亩' | '米'
            | '笔',
        ) => true,
        Some('户') => !matches!(second, Some('名' | '籍' | '口' | '主')),
        Some('个') => second != Some('人'),
        Some('号') => second != Some('码'),
        // 万 is a surname too.
        Some('万' | '亿') => second
            .is_none_or(|c| !c.is_alphabetic() || "元美户人吨件次份股笔条个平公千亿余".contains(c)),
        Some('人') => second.is_none_or(|c| !c.is_alphabetic() || "次均民".contains(c)),
        Some('美' | '欧' | '日' | '港') => second == Some('元'),
        Some('千') => matches!(second, Some('克' | '米' | '瓦' | '元')),
        Some('平') => matches!(second, Some('方' | '米')),
        Some('公') => matches!(second, Some('里' | '斤' | '顷')),
        _ => false,
    }
}

/// Whether a currency sign stands directly before a number.
pub fn priced(text: &str, at: usize) -> bool {
    text[..at]
        .trim_end_matches(' ')
        .ends_with(['¥', '￥', '$', '€', '£'])
}
