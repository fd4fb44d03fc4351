//! A labelled text generator of our own: numbers, addresses and marks in the forms people write them in, and as
//! many things that only look like one. Nothing in it is taken from a sample anybody measures with.
//!
//! A text is written with what must be found in it as `⟦LABEL|text⟧`; [`parse`] takes that off again.

/// SplitMix64: the same seed gives the same texts on every machine.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    pub fn digits(&mut self, n: usize) -> String {
        (0..n)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }
}

// ---- numbers -------------------------------------------------------------------------------

const REGIONS: [&str; 14] = [
    "110101", "120104", "130402", "140105", "150102", "210102", "310115", "330106", "340103",
    "370102", "420106", "440304", "510104", "650102",
];

/// 18 digits with a right check digit; `bad` makes the last wrong.
pub fn identity(rng: &mut Rng, bad: bool) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let mut s = format!(
        "{}{}{:02}{:02}{}",
        rng.pick(&REGIONS),
        1938 + rng.below(75),
        1 + rng.below(12),
        1 + rng.below(28),
        rng.digits(3)
    );
    let sum: u32 = s
        .bytes()
        .zip(WEIGHTS)
        .map(|(d, w)| u32::from(d - b'0') * w)
        .sum();
    let right = (sum % 11) as usize;
    let at = if bad {
        (right + 1 + rng.below(9)) % 11
    } else {
        right
    };
    s.push(char::from(b"10X98765432"[at]));
    s
}

pub fn identity_x(rng: &mut Rng) -> String {
    loop {
        let s = identity(rng, false);
        if s.ends_with('X') {
            return s;
        }
    }
}

pub fn identity15(rng: &mut Rng) -> String {
    format!(
        "{}{:02}{:02}{:02}{}",
        rng.pick(&REGIONS),
        30 + rng.below(60),
        1 + rng.below(12),
        1 + rng.below(28),
        rng.digits(3)
    )
}

pub fn mobile(rng: &mut Rng) -> String {
    let head = rng.pick(&[
        "130", "135", "138", "139", "145", "150", "157", "166", "173", "177", "182", "187", "191",
        "198",
    ]);
    format!("{head}{}", rng.digits(8))
}

/// Area code and subscriber's number.
pub fn landline(rng: &mut Rng) -> (String, String) {
    let area = rng.pick(&[
        "010", "021", "022", "025", "029", "0351", "0379", "0431", "0516", "0574", "0632", "0755",
        "0871", "0991",
    ]);
    let n = if area.len() == 3 || rng.below(2) == 0 {
        8
    } else {
        7
    };
    (
        area.to_owned(),
        format!("{}{}", 2 + rng.below(7), rng.digits(n - 1)),
    )
}

fn luhn_digit(s: &str) -> u32 {
    let sum: u32 = s
        .bytes()
        .rev()
        .enumerate()
        .map(|(k, b)| {
            let d = u32::from(b - b'0');
            if k % 2 == 1 {
                d
            } else if d > 4 {
                d * 2 - 9
            } else {
                d * 2
            }
        })
        .sum();
    (10 - sum % 10) % 10
}

pub fn card(rng: &mut Rng, bad: bool) -> String {
    let bin = rng.pick(&[
        "621700", "622848", "622202", "623052", "622588", "621799", "621483", "625965", "620522",
    ]);
    let n = [16, 16, 17, 18, 19, 19][rng.below(6)];
    let mut s = format!("{bin}{}", rng.digits(n - 7));
    let right = luhn_digit(&s);
    let last = if bad {
        (right + 1 + rng.below(9) as u32) % 10
    } else {
        right
    };
    s.push(char::from_digit(last, 10).unwrap_or('0'));
    s
}

pub fn credit(rng: &mut Rng, bad: bool, letters: bool) -> String {
    const CODE: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    loop {
        let mut s = format!(
            "{}{}",
            rng.pick(&[
                "91", "91", "91", "92", "93", "11", "12", "51", "52", "53", "N1"
            ]),
            rng.pick(&REGIONS)
        );
        for _ in 0..9 {
            s.push(char::from(
                CODE[if letters {
                    rng.below(31)
                } else {
                    rng.below(10)
                }],
            ));
        }
        let mut weight = 1;
        let sum: usize = s
            .bytes()
            .map(|b| {
                let v = CODE.iter().position(|c| *c == b).unwrap_or(0) * weight;
                weight = weight * 3 % 31;
                v
            })
            .sum();
        let right = (31 - sum % 31) % 31;
        let at = if bad {
            (right + 1 + rng.below(29)) % 31
        } else {
            right
        };
        s.push(char::from(CODE[at]));
        // A code that also reads as a person belongs to neither.
        if s[8..].bytes().filter(u8::is_ascii_alphabetic).count() >= usize::from(letters) * 2 {
            return s;
        }
    }
}

pub fn mailbox(rng: &mut Rng) -> (String, String) {
    let name = match rng.below(5) {
        0 => rng
            .pick(&["lihua", "wang.fang", "zhao_min", "tax-office", "Chen.Yu"])
            .to_owned(),
        1 => format!(
            "{}{}",
            rng.pick(&["sw", "bgs", "zhangsan", "lw"]),
            rng.digits(4)
        ),
        2 => rng.digits(9).replace('0', "7"),
        3 => format!(
            "{}.{}",
            rng.pick(&["sun", "qian", "zhou"]),
            rng.pick(&["jie", "lei", "ping"])
        ),
        _ => format!(
            "{}+{}",
            rng.pick(&["news", "web"]),
            rng.pick(&["a", "2026"])
        ),
    };
    let host = rng.pick(&[
        "163.com",
        "qq.com",
        "126.com",
        "sina.cn",
        "foxmail.com",
        "139.com",
        "outlook.com",
        "mail.example.com.cn",
        "aliyun.com",
        "swj.example.net",
        "yeah.net",
    ]);
    (name, host.to_owned())
}

// ---- dress ---------------------------------------------------------------------------------

pub fn wide(s: &str) -> String {
    s.chars()
        .map(|c| {
            if c.is_ascii_graphic() {
                char::from_u32(c as u32 + 0xfee0).unwrap_or(c)
            } else {
                c
            }
        })
        .collect()
}

fn map_digits(s: &str, of: impl Fn(u32) -> char) -> String {
    s.chars().map(|c| c.to_digit(10).map_or(c, &of)).collect()
}

pub fn han(s: &str, zero: char, one: char) -> String {
    map_digits(s, |d| match d {
        0 => zero,
        1 => one,
        d => "二三四五六七八九"
            .chars()
            .nth(d as usize - 2)
            .unwrap_or('二'),
    })
}

fn mathematical(s: &str) -> String {
    map_digits(s, |d| char::from_u32(0x1d7ce + d).unwrap_or('0'))
}

fn circled(s: &str) -> String {
    map_digits(s, |d| {
        if d == 0 {
            '⓪'
        } else {
            char::from_u32(0x2460 + d - 1).unwrap_or('①')
        }
    })
}

/// Something invisible at one to three places inside.
pub fn hidden(rng: &mut Rng, s: &str) -> String {
    let signs = [
        "\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{ad}", "\u{200e}",
        "\u{180e}", "\u{2063}",
    ];
    let chars: Vec<char> = s.chars().collect();
    let mut out = String::new();
    let must = 1 + rng.below(chars.len() - 1);
    for (k, c) in chars.iter().enumerate() {
        if k > 0 && (k == must || rng.below(6) == 0) {
            out.push_str(rng.pick(&signs));
        }
        out.push(*c);
    }
    out
}

/// Cuts into groups and joins them.
pub fn groups(s: &str, sizes: &[usize], joint: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for n in sizes {
        let end = (at + n).min(s.len());
        if at >= end {
            break;
        }
        if at > 0 {
            out.push_str(joint);
        }
        out.push_str(&s[at..end]);
        at = end;
    }
    out
}

const JOINTS: [&str; 14] = [
    " ", "-", ".", "·", "\u{a0}", "\u{2009}", "\u{202f}", "\u{3000}", "—", "－", "–", "‑", " - ",
    "_",
];

/// What numbers of one kind all have in common: the ways to dress a string of digits.
fn dressed(rng: &mut Rng, s: &str, cuts: &[&[usize]], kind: &mut String) -> String {
    match rng.below(8) {
        0 => {
            kind.push_str("wide");
            wide(s)
        }
        1 => {
            kind.push_str("hidden");
            hidden(rng, s)
        }
        2 => {
            kind.push_str("mathematical");
            mathematical(s)
        }
        3 | 4 => {
            let joint = rng.pick(&JOINTS);
            kind.push_str("joined ");
            kind.push_str(&joint.escape_unicode().to_string());
            groups(s, cuts[rng.below(cuts.len())], joint)
        }
        5 => {
            kind.push_str("wide joined");
            let joint = rng.pick(&["\u{3000}", "－", " ", "．"]);
            wide(&groups(s, cuts[rng.below(cuts.len())], "|")).replace('｜', joint)
        }
        _ => {
            kind.push_str("plain");
            s.to_owned()
        }
    }
}

// ---- texts ---------------------------------------------------------------------------------

/// What stands around on a site of a tax authority; none of it is to be found.
pub const PROSE: [&str; 34] = [
    "为支持小微企业发展，现将有关事项公告如下。",
    "纳税人可以通过电子税务局办理延期申报。",
    "本办法自2026年3月1日起施行，有效期5年。",
    "根据《中华人民共和国税收征收管理法》第八条的规定，",
    "办税服务厅周一至周五8:30—12:00、14:00—17:30受理。",
    "涉及商业秘密的材料，由申请人书面说明。",
    "各单位要落实“谁公开、谁审查”的要求。",
    "全年共受理咨询12.6万件，办结率99.2%。",
    "欢迎拨打12366纳税缴费服务热线。",
    "国家秘密的密级分为绝密、机密、秘密三级。",
    "公职人员应当保守在工作中知悉的国家秘密。",
    "具体口径由县级税务机关另行明确。",
    "（国家税务总局公告2024年第11号）",
    "会议由分管副局长主持，各科室负责人参加。",
    "财税〔2019〕13号文件执行期限延长至2027年12月31日。",
    "此前规定与本通知不一致的，以本通知为准。",
    "请各地于每月15日前报送上月统计表。",
    "对符合条件的企业，减按15%的税率征收企业所得税。",
    "选举采取无记名投票的方式，任何人不得泄露投票秘密。",
    "税务干部对工作中知悉的个人隐私负有保密义务。",
    "本市城区面积386.5平方公里，下辖6个区。",
    "The notice takes effect on 1 July 2026.",
    "信用等级为A级的纳税人可以享受绿色通道。",
    "依法应当保密的除外。",
    "窗口工作人员实行首问负责制、限时办结制。",
    "机密级计算机不得接入互联网。",
    "申请公开的政府信息属于不予公开范围的，告知申请人并说明理由。",
    "截至10月底，全市新增涉税经营主体2345户。",
    "档案实行分类管理，绝密级档案由专人保管。",
    "退税款将原路退回缴款账户。",
    "评审专家名单在评审结束前应当保密。",
    "纳税人应当妥善保管发票。",
    "下列情形不公开审理：涉及国家秘密的；涉及个人隐私的。",
    "企业应建立内部文件管理制度。",
];

const NAMES: [&str; 12] = [
    "王建国",
    "李晓梅",
    "赵敏",
    "陈志强",
    "欧阳春华",
    "周文",
    "孙立军",
    "马丽",
    "吴桂兰",
    "何涛",
    "阿依古丽",
    "罗成",
];

fn place(rng: &mut Rng, leads: &[&str], tails: &[&str], label: &str, found: &str) -> String {
    let lead = rng.pick(leads).replace('@', rng.pick(&NAMES));
    format!("{lead}⟦{label}|{found}⟧{}", rng.pick(tails))
}

/// One thing that must be found (or several), with the kind of its form.
pub fn positive(rng: &mut Rng) -> (String, String) {
    let mut kind = String::new();
    let text = match rng.below(12) {
        0 | 1 => identity_form(rng, &mut kind),
        2 | 3 => mobile_form(rng, &mut kind),
        4 => landline_form(rng, &mut kind),
        5 => card_form(rng, &mut kind),
        6 => credit_form(rng, &mut kind),
        7 => mail_form(rng, &mut kind),
        8 | 9 => mark_form(rng, &mut kind),
        10 => obfuscated_form(rng, &mut kind),
        _ => row_form(rng, &mut kind),
    };
    (kind, text)
}

fn identity_form(rng: &mut Rng, kind: &mut String) -> String {
    kind.push_str("id ");
    let cuts: &[&[usize]] = &[
        &[6, 8, 4],
        &[3, 3, 4, 4, 4],
        &[6, 4, 4, 4],
        &[4, 4, 4, 4, 2],
        &[6, 4, 2, 2, 4],
    ];
    let leads = [
        "身份证号：",
        "公民身份号码为",
        "居民身份证号码（",
        "@，身份证",
        "证件号码 ",
        "@（居民身份证：",
        "法定代表人@ ",
        "被执行人@，男，汉族，",
        "ID card: ",
        "身份证件号码:",
        "纳税人：@，证件号：",
        "持证人@，身份证号码是",
        "身份證號碼：",
        "经查，@（",
    ];
    let tails = [
        "。",
        "，住所地不详。",
        "）",
        " ",
        "；",
        "，联系不上。",
        "的纳税人",
        "\n",
        "）一案",
        "，性别女",
    ];
    match rng.below(12) {
        0 => {
            kind.push_str("bad");
            let s = identity(rng, true);
            let s = if rng.below(3) == 0 {
                groups(&s, &[6, 8, 4], rng.pick(&[" ", "-"]))
            } else {
                s
            };
            place(
                rng,
                &["身份证号", "身份证号码：", "证件号 ", "@的居民身份证"],
                &["经系统比对不符", "有误。", "，请核实", "\n"],
                "ID_CARD_BAD",
                &s,
            )
        }
        1 => {
            kind.push_str("x");
            let s = identity_x(rng);
            let x = rng.pick(&["x", "×", "Х", "х", "Ｘ", "ｘ", "Χ", "✕"]);
            place(rng, &leads, &tails, "ID_CARD", &s.replace('X', x))
        }
        2 => {
            kind.push_str("15");
            let s = identity15(rng);
            place(
                rng,
                &["身份证号", "居民身份证：", "公民身份号码", "旧身份证号码为"],
                &tails,
                "ID_CARD",
                &s,
            )
        }
        3 => {
            kind.push_str("broken line");
            let s = identity(rng, false);
            let at = [6, 8, 10, 14][rng.below(4)];
            place(
                rng,
                &["身份证号：", "公民身份号码为"],
                &tails,
                "ID_CARD",
                &format!("{}\n{}", &s[..at], &s[at..]),
            )
        }
        4 => {
            kind.push_str("20");
            let s = format!("{}0{}", identity(rng, false), 1 + rng.below(3));
            place(
                rng,
                &["纳税人识别号：", "识别号", "原税务登记证号"],
                &tails,
                "ID_CARD",
                &s,
            )
        }
        5 => {
            kind.push_str("spelled");
            let s = identity(rng, false).replace('X', "x");
            if s.ends_with('x') {
                return place(rng, &leads, &tails, "ID_CARD", &s);
            }
            let spelled = if rng.below(2) == 0 {
                han(&s, '〇', '一')
            } else {
                han(&s, '零', '幺')
            };
            place(
                rng,
                &["身份证号：", "公民身份号码为"],
                &["。", "，"],
                "ID_CARD",
                &spelled,
            )
        }
        6 => {
            kind.push_str("two");
            let (a, b) = (identity(rng, false), identity(rng, false));
            let between = rng.pick(&["、", "，", "/", "；", " ", "和", "\n", " / "]);
            format!("身份证号分别为⟦ID_CARD|{a}⟧{between}⟦ID_CARD|{b}⟧。")
        }
        _ => {
            let s = identity(rng, false);
            let s = dressed(rng, &s, cuts, kind);
            place(rng, &leads, &tails, "ID_CARD", &s)
        }
    }
}

fn mobile_form(rng: &mut Rng, kind: &mut String) -> String {
    kind.push_str("mobile ");
    let leads = [
        "手机：",
        "联系电话：",
        "联系人@ ",
        "@（",
        "电话",
        "移动电话:",
        "请加微信",
        "手机号码是",
        "报名请联系@，",
        "Mobile: ",
        "@，",
        "经办人：@ ",
        "可致电",
        "短信发送至",
        "本人手机",
        "联系方式：",
        "☎ ",
        "📱",
        "Tel ",
        "财务负责人@电话",
    ];
    let tails = [
        "。",
        "，",
        "）",
        "\n",
        "；",
        "（微信同号）",
        "，逾期不候",
        " 转告",
        "的机主",
    ];
    let s = mobile(rng);
    let shapes: &[&[usize]] = &[
        &[3, 4, 4],
        &[3, 8],
        &[7, 4],
        &[4, 4, 3],
        &[4, 3, 4],
        &[3, 3, 5],
    ];
    match rng.below(12) {
        0 => {
            kind.push_str("country");
            let code = rng.pick(&[
                "+86",
                "+86 ",
                "+86-",
                "0086",
                "0086-",
                "0086 ",
                "86-",
                "(+86)",
                "（+86）",
                "(86)",
                "（86）",
                "(+86) ",
                "+(86)",
                "＋８６",
            ]);
            kind.push_str(code);
            let s = if rng.below(2) == 0 {
                s
            } else {
                groups(&s, &[3, 4, 4], rng.pick(&[" ", "-"]))
            };
            place(rng, &leads, &tails, "MOBILE", &format!("{code}{s}"))
        }
        1 => {
            kind.push_str("spelled");
            let s = match rng.below(4) {
                0 => han(&s, '〇', '一'),
                1 => han(&s, '零', '幺'),
                2 => han(&s, '○', '一'),
                _ => groups(&s, &[3, 4, 4], "-")
                    .split('-')
                    .map(|g| han(g, '零', '一'))
                    .collect::<Vec<_>>()
                    .join(rng.pick(&["-", " ", "，"])),
            };
            place(
                rng,
                &["手机：", "联系电话：", "电话"],
                &["。", "\n"],
                "MOBILE",
                &s,
            )
        }
        2 => {
            kind.push_str("circled");
            place(rng, &leads, &tails, "MOBILE", &circled(&s))
        }
        3 => {
            kind.push_str("two");
            let t = mobile(rng);
            let between = rng.pick(&["、", "/", "，", "或", "；", " / ", "，或"]);
            format!("联系电话：⟦MOBILE|{s}⟧{between}⟦MOBILE|{t}⟧。")
        }
        4 => {
            kind.push_str("letters");
            let l = s.replace('0', rng.pick(&["O", "o"]));
            let l = if l == s { s.replacen('1', "l", 1) } else { l };
            place(rng, &["手机：", "电话："], &["。", "\n"], "MOBILE", &l)
        }
        5 => {
            kind.push_str("single");
            let s = groups(&s, &[1; 11], rng.pick(&[" ", "-", "\u{3000}", "."]));
            place(rng, &["手机：", "电话："], &["。", "\n"], "MOBILE", &s)
        }
        6 => {
            kind.push_str("wide gaps");
            let s = groups(
                &s,
                &[3, 4, 4],
                rng.pick(&["  ", " – ", "--", "\u{2003}", " · "]),
            );
            place(
                rng,
                &["手机：", "联系电话：", "电话"],
                &["。", "\n"],
                "MOBILE",
                &s,
            )
        }
        _ => {
            let s = dressed(rng, &s, shapes, kind);
            place(rng, &leads, &tails, "MOBILE", &s)
        }
    }
}

fn landline_form(rng: &mut Rng, kind: &mut String) -> String {
    kind.push_str("landline ");
    let leads = [
        "咨询电话：",
        "传真：",
        "办公电话 ",
        "监督举报电话：",
        "联系电话（区号）",
        "Tel: ",
        "值班电话：",
        "地址：人民路8号，电话：",
        "（电话：",
        "纳服科",
        "税政一科 ",
        "座机",
    ];
    let tails = ["。", "，", "）", "\n", "；", "（工作日）", " "];
    let (area, number) = landline(rng);
    let half = number.len() - 4;
    let (name, s) = match rng.below(16) {
        0 => ("hyphen", format!("{area}-{number}")),
        1 => (
            "brackets",
            format!("{}{area}{}{number}", ["(", "（", "[", "【"][0], ")"),
        ),
        2 => ("wide brackets", format!("（{area}）{number}")),
        3 => ("brackets blank", format!("({area}) {number}")),
        4 => ("brackets hyphen", format!("（{area}）-{number}")),
        5 => ("blank", format!("{area} {number}")),
        6 => (
            "dash",
            format!(
                "{area}{}{number}",
                rng.pick(&["—", "－", "–", "——", "‐", " - ", "~", "～"])
            ),
        ),
        7 => (
            "groups",
            format!("{area}-{}-{}", &number[..half], &number[half..]),
        ),
        8 => (
            "groups blank",
            format!("{area} {} {}", &number[..half], &number[half..]),
        ),
        9 => (
            "country",
            format!(
                "{}{}-{number}",
                rng.pick(&["+86-", "0086-", "+86 ", "86-"]),
                &area[1..]
            ),
        ),
        10 => ("wide", wide(&format!("{area}-{number}"))),
        11 => ("hidden", hidden(rng, &format!("{area}-{number}"))),
        12 => ("brackets [", format!("[{area}]{number}")),
        13 => ("dot", format!("{area}.{number}")),
        14 => ("joined", format!("{area}{number}")),
        _ => ("hyphen after label", format!("{area}-{number}")),
    };
    kind.push_str(name);
    if rng.below(4) == 0 {
        kind.push_str(" ext");
        let ext = rng.pick(&[
            "转8012",
            "-806",
            "转 32",
            " 转601",
            "（转8001）",
            " ext.21",
            "转9",
            "*806",
            " 转分机203",
            "，转3",
        ]);
        return format!(
            "{}⟦LANDLINE|{s}⟧{ext}。",
            rng.pick(&["咨询电话：", "办公室电话：", "传真："])
        );
    }
    if rng.below(6) == 0 {
        kind.push_str(" several");
        let (_, other) = landline(rng);
        let other = if other.len() == number.len() {
            other
        } else {
            number
                .chars()
                .rev()
                .collect::<String>()
                .replace(['0', '1', '9'], "5")
        };
        let between = rng.pick(&["、", "/", "，", " / ", "；", "或"]);
        return format!("咨询电话：⟦LANDLINE|{s}⟧{between}⟦LANDLINE|{other}⟧。");
    }
    if rng.below(8) == 0 {
        kind.push_str(" local");
        let local = if rng.below(2) == 0 {
            number.clone()
        } else {
            format!(
                "{}{}{}",
                &number[..half],
                rng.pick(&["-", " "]),
                &number[half..]
            )
        };
        return place(
            rng,
            &[
                "咨询电话：",
                "电话：",
                "监督电话:",
                "传真：",
                "联系电话",
                "办公室电话为",
            ],
            &tails,
            "LANDLINE",
            &local,
        );
    }
    place(rng, &leads, &tails, "LANDLINE", &s)
}

fn card_form(rng: &mut Rng, kind: &mut String) -> String {
    kind.push_str("card ");
    let leads = [
        "银行卡号：",
        "开户行：建设银行，账号",
        "收款账号：",
        "请汇至",
        "@的储蓄卡",
        "退税账户为",
        "工行卡 ",
        "Card No.: ",
        "帐号：",
        "户名：@，账号：",
        "结算账户",
        "一卡通账号",
    ];
    let tails = [
        "。",
        "，",
        "（建行）",
        "\n",
        "；",
        " 开户行：农业银行",
        "）",
    ];
    let sixteen = &[4usize, 4, 4, 4, 3][..];
    match rng.below(8) {
        0 | 1 => {
            kind.push_str("bad");
            let s = card(rng, true);
            let s = if rng.below(3) == 0 {
                groups(&s, sixteen, rng.pick(&[" ", "-"]))
            } else {
                s
            };
            place(
                rng,
                &["银行卡号", "账号：", "卡号 ", "储蓄卡"],
                &["校验不通过", "无法入账。", "有误", "\n"],
                "BANK_CARD_BAD",
                &s,
            )
        }
        2 => {
            kind.push_str("six");
            let s = card(rng, false);
            let s = groups(&s, &[6, 13], rng.pick(&[" ", "-"]));
            place(rng, &leads, &tails, "BANK_CARD", &s)
        }
        3 => {
            kind.push_str("broken line");
            let s = card(rng, false);
            let at = [8, 12][rng.below(2)];
            place(
                rng,
                &["银行卡号：", "收款账号："],
                &tails,
                "BANK_CARD",
                &format!("{}\n{}", &s[..at], &s[at..]),
            )
        }
        _ => {
            let s = card(rng, false);
            let s = dressed(rng, &s, &[sixteen, &[4, 4, 4, 7], &[6, 4, 4, 5]], kind);
            place(rng, &leads, &tails, "BANK_CARD", &s)
        }
    }
}

fn credit_form(rng: &mut Rng, kind: &mut String) -> String {
    kind.push_str("uscc ");
    let leads = [
        "统一社会信用代码：",
        "纳税人识别号：",
        "税号",
        "宏远贸易有限公司（",
        "该公司统一社会信用代码为",
        "USCC: ",
        "信用代码 ",
        "社会信用代码:",
        "销售方纳税人识别号",
        "扣缴义务人识别号：",
    ];
    let tails = ["。", "）", "，", "\n", "；", "的企业", "（已注销）"];
    match rng.below(8) {
        0 | 1 => {
            kind.push_str("bad");
            let s = credit(rng, true, true);
            place(
                rng,
                &["统一社会信用代码", "识别号：", "税号 ", "信用代码："],
                &["校验未通过", "查无此户。", "有误\n"],
                "USCC_BAD",
                &s,
            )
        }
        2 => {
            kind.push_str("digits");
            let s = credit(rng, false, false);
            // A number that passes as a person as well is not asked about.
            if s.ends_with(|c: char| c.is_ascii_alphabetic() && c != 'X') {
                place(rng, &leads, &tails, "USCC", &s)
            } else {
                let s = credit(rng, false, true);
                place(
                    rng,
                    &["统一社会信用代码：", "纳税人识别号："],
                    &tails,
                    "USCC",
                    &s,
                )
            }
        }
        3 => {
            kind.push_str("lower");
            let s = credit(rng, false, true).to_ascii_lowercase();
            place(rng, &leads, &tails, "USCC", &s)
        }
        4 => {
            kind.push_str("O I");
            let s = credit(rng, false, true);
            let s = if s[2..17].contains('0') {
                format!("{}{}{}", &s[..2], s[2..17].replacen('0', "O", 1), &s[17..])
            } else {
                s
            };
            place(
                rng,
                &["统一社会信用代码：", "纳税人识别号：", "税号"],
                &tails,
                "USCC",
                &s,
            )
        }
        _ => {
            let s = credit(rng, false, true);
            let s = dressed(
                rng,
                &s,
                &[
                    &[2, 6, 9, 1],
                    &[2, 6, 10],
                    &[8, 10],
                    &[4, 4, 4, 4, 2],
                    &[8, 9, 1],
                ],
                kind,
            );
            place(rng, &leads, &tails, "USCC", &s)
        }
    }
}

fn mail_form(rng: &mut Rng, kind: &mut String) -> String {
    kind.push_str("mail ");
    let leads = [
        "电子邮箱：",
        "请发邮件至",
        "邮箱 ",
        "E-mail：",
        "意见反馈：",
        "联系邮箱为",
        "（",
        "投稿：",
        "Email: ",
        "@，",
    ];
    let tails = ["。", "，谢谢", "）", "\n", "；", "（主题注明单位）", " "];
    let (name, host) = mailbox(rng);
    let signs = [
        "@", "@", "＠", "﹫", "[at]", "(at)", "（at）", "【at】", "{at}", "<at>", "[AT]", "(AT)",
        " [at] ", " (at) ", "#", "＃", "(a)", "（@）", "[@]", "艾特", " @ ", "_at_",
    ];
    let sign = rng.pick(&signs);
    kind.push_str(sign);
    let mut s = format!("{name}{sign}{host}");
    if sign == "@" {
        match rng.below(5) {
            0 => {
                kind.push_str(" wide");
                s = wide(&s);
            }
            1 => {
                kind.push_str(" upper");
                s = s.to_ascii_uppercase();
            }
            2 => {
                kind.push_str(" hidden");
                s = hidden(rng, &s);
            }
            _ => {}
        }
    } else if sign.contains("at") && rng.below(3) == 0 {
        kind.push_str(" dot");
        let dot = match sign.trim().chars().next() {
            Some('[') => "[dot]",
            Some('（') => "（dot）",
            Some('【') => "【dot】",
            _ => "(dot)",
        };
        s = format!("{name}{sign}{}", host.replace('.', dot));
    }
    let leads: &[&str] = if sign == "_at_" || sign == "艾特" {
        &leads[..2]
    } else {
        &leads
    };
    place(rng, leads, &tails, "EMAIL", &s)
}

const LEVELS: [&str; 3] = ["绝密", "机密", "秘密"];

fn mark_form(rng: &mut Rng, kind: &mut String) -> String {
    let level = rng.pick(&LEVELS);
    let term = rng.pick(&[
        "长期",
        "5年",
        "30年",
        "１０年",
        "6个月",
        "2年",
        "二十年",
        "解密前",
        "启用前",
        "2028年12月31日",
        "公布前",
        "20年",
        "3个月",
        "2030.6.1",
    ]);
    let star = rng.pick(&["★", "☆", "*", "※", "★", "✭", "＊"]);
    match rng.below(22) {
        0 | 1 => {
            kind.push_str("star");
            kind.push_str(star);
            let lead = rng.pick(&[
                "",
                "\n",
                "密级：",
                "【",
                "标注为“",
                "　　",
                "文件右上角标有",
            ]);
            let close = match lead {
                "【" => "】",
                "标注为“" => "”",
                _ => "",
            };
            format!("{lead}⟦MARKING|{level}{star}{term}⟧{close}\n")
        }
        2 => {
            kind.push_str("star spaced");
            let (a, b) = level.split_at(3);
            format!("\n⟦MARKING|{a} {b} ★ {term}⟧\n")
        }
        3 => {
            kind.push_str("star none");
            let after = rng.pick(&["\n", "】", "\u{3000}\n"]);
            format!(
                "{}⟦MARKING|{level}★⟧{after}",
                if after == "】" { "【" } else { "\n" }
            )
        }
        4 => {
            kind.push_str("line");
            let around = rng.pick(&["", " ", "　", "**", "__", "# ", "> ", "***", "- "]);
            let tail = if around.contains('*') || around.contains('_') {
                around
            } else {
                ""
            };
            format!("\n{around}⟦MARKING|{level}⟧{tail}\n")
        }
        5 => {
            kind.push_str("brackets");
            let (o, c) = [
                ("【", "】"),
                ("（", "）"),
                ("(", ")"),
                ("[", "]"),
                ("［", "］"),
                ("〔", "〕"),
                ("〖", "〗"),
                ("{", "}"),
                ("＜", "＞"),
                ("「", "」标识"),
                ("《", "》字样"),
            ][rng.below(11)];
            if c.chars().count() > 1 {
                return format!("封面印有{o}⟦MARKING|{level}⟧{c}。");
            }
            format!("{o}⟦MARKING|{level}⟧{c}关于召开会议的通知")
        }
        6 => {
            kind.push_str("label");
            let lead = rng.pick(&[
                "密级：",
                "密 级：",
                "密级:",
                "密级为",
                "文件密级：",
                "定密为",
                "涉密等级：",
                "密级标识：",
                "保密级别：",
                "密级——",
                "Security: ",
                "密级　",
            ]);
            let tail = rng.pick(&["。", "\n", "，请妥善保管", "；", "级\n"]);
            format!("{lead}⟦MARKING|{level}⟧{tail}")
        }
        7 => {
            kind.push_str("quoted");
            let (lead, tail) = [
                ("首页标有“", "”字样"),
                ("盖有“", "”戳记"),
                ("文件标注“", "”标识"),
                ("页眉显示“", "”二字"),
                ("加盖“", "”印章"),
                ("左上角印着‘", "’字样"),
            ][rng.below(6)];
            format!("{lead}⟦MARKING|{level}⟧{tail}，")
        }
        8 => {
            kind.push_str("traditional");
            let t = rng.pick(&["機密", "絕密", "祕密"]);
            format!("\n⟦MARKING|{t}★{}⟧\n", rng.pick(&["長期", "5年", "10年"]))
        }
        9 => {
            kind.push_str("term without star");
            format!(
                "\n⟦MARKING|{level}{}{}⟧\n",
                rng.pick(&[" ", "　", "", "·", "-", "/"]),
                rng.pick(&["5年", "长期", "10年", "6个月"])
            )
        }
        10 => {
            kind.push_str("copy number");
            let n = format!("00{:04}", 1 + rng.below(300));
            let lead = rng.pick(&["份号：", "份号 ", "份号:", "份　号：", "份号№"]);
            format!("\n⟦MARKING|{lead}{n}⟧\n")
        }
        11 => {
            kind.push_str("emphasis");
            let e = rng.pick(&["**", "*", "__", "`", "~~"]);
            format!("密级：{e}⟦MARKING|{level}★{term}⟧{e}\n")
        }
        12 => {
            kind.push_str("cell");
            let row = rng.pick(&[
                "| 文件名称 | 密级 |\n|---|---|\n| 工作方案 | {} |\n",
                "<td>{}</td>",
                "方案\t{}\t2026\n",
                "方案,{},2026年\n",
            ]);
            row.replace("{}", &format!("⟦MARKING|{level}⟧"))
        }
        13 | 14 => {
            kind.push_str("pair");
            let thing = rng.pick(&["内部资料", "内部文件", "内部材料", "内部刊物", "内部信息"]);
            let gap = rng.pick(&[
                " ", "，", "　", "、", "", "·", "！", "；", "\n", "——", "：", " · ",
            ]);
            let how = rng.pick(&[
                "注意保存",
                "不得外传",
                "严禁外传",
                "请勿外传",
                "妥善保管",
                "严禁复制",
                "请勿转发",
                "禁止转载",
                "注意保密",
                "严禁外泄",
                "不得翻印",
                "请勿对外提供",
            ]);
            format!(
                "{}⟦MARKING|{thing}{gap}{how}⟧{}",
                rng.pick(&["", "\n", "【", "（"]),
                rng.pick(&["\n", "。"])
            )
        }
        15 | 16 => {
            kind.push_str("handling line");
            let word = rng.pick(&[
                "内部资料",
                "内部文件",
                "内部使用",
                "仅供内部使用",
                "仅供内部参考",
                "不予公开",
                "此件不公开",
                "此件不予公开",
                "不得外传",
                "严禁外传",
                "内部参阅",
                "仅供领导参阅",
                "供内部参阅",
                "请勿外传",
                "内部传阅",
                "注意保存",
                "仅限内部使用",
                "仅限内部传阅",
                "内部掌握",
                "不宜公开",
                "暂不公开",
                "限内部交流",
            ]);
            kind.push_str(word);
            match rng.below(5) {
                0 => format!("\n⟦MARKING|{word}⟧\n"),
                1 => format!("【⟦MARKING|{word}⟧】"),
                2 => format!("（⟦MARKING|{word}⟧）\n"),
                3 => format!("封面注明：⟦MARKING|{word}⟧。"),
                _ => format!("公开属性：⟦MARKING|{word}⟧\n"),
            }
        }
        17 => {
            kind.push_str("work secret");
            match rng.below(4) {
                0 => "【⟦MARKING|工作秘密⟧】".to_owned(),
                1 => "密级：⟦MARKING|工作秘密⟧。".to_owned(),
                2 => "\n⟦MARKING|工作秘密★5年⟧\n".to_owned(),
                _ => "标注“⟦MARKING|工作秘密⟧”字样".to_owned(),
            }
        }
        18 => {
            kind.push_str("handling spaced");
            let word = rng.pick(&["内部资料", "不予公开", "内部文件", "注意保存"]);
            let spaced = word
                .chars()
                .map(String::from)
                .collect::<Vec<_>>()
                .join(rng.pick(&[" ", "　", "  "]));
            format!("\n⟦MARKING|{spaced}⟧\n")
        }
        19 => {
            kind.push_str("broken line");
            let (a, b) = level.split_at(3);
            format!(
                "\n密级：⟦MARKING|{a}\n{b}★{}⟧\n",
                rng.pick(&["5年", "长期"])
            )
        }
        20 => {
            kind.push_str("handling traditional");
            format!(
                "\n⟦MARKING|{}⟧\n",
                rng.pick(&[
                    "內部資料 注意保存",
                    "內部文件",
                    "不予公開",
                    "此件不公開",
                    "嚴禁外傳",
                    "僅供內部參考"
                ])
            )
        }
        _ => {
            kind.push_str("star in front");
            format!("\n⟦MARKING|{}{level}⟧\n", rng.pick(&["★", "★ ", "☆"]))
        }
    }
}

fn obfuscated_form(rng: &mut Rng, kind: &mut String) -> String {
    kind.push_str("obfuscated ");
    let word = rng.pick(&[
        "绝密",
        "机密",
        "秘密",
        "内部资料",
        "内部文件",
        "此件不公开",
        "不予公开",
        "严禁外传",
        "仅供领导参阅",
        "注意保存",
        "不得外传",
        "内部使用",
        "工作秘密",
    ]);
    let (lead, tail) = [
        ("转自", "，仅限群内查看。"),
        ("以下是", "摘录："),
        ("这是一份", "材料"),
        ("附件为", "，看完删除"),
        ("截图里的", "别外发"),
        ("文件标了", "二字"),
    ][rng.below(6)];
    let chars: Vec<String> = word.chars().map(String::from).collect();
    let found = match rng.below(6) {
        0..=2 => {
            kind.push_str("hidden");
            hidden(rng, word)
        }
        3 => {
            kind.push_str("spaced");
            chars.join(rng.pick(&[" ", "　", "\u{2009}", "\u{a0}"]))
        }
        4 => {
            kind.push_str("signs");
            // Two letters with a stop between them may be two words: 时机。密切关注.
            let stops = if chars.len() > 2 { 14 } else { 11 };
            chars.join(rng.pick(
                &[
                    ".", "·", "*", "-", "_", "/", "|", "~", "+", "^", "#", "。", "、", "…",
                ][..stops],
            ))
        }
        _ => {
            kind.push_str("variant");
            let v = rng.pick(&[
                "机宻",
                "絕宻",
                "機宻",
                "機密",
                "絕密",
                "内部文件",
                "內部資料",
                "嚴禁外傳",
            ]);
            let v: Vec<String> = v.chars().map(String::from).collect();
            v.join(rng.pick(&["\u{200b}", " ", "·"]))
        }
    };
    // 秘密 spaced in a sentence is still a word of the language; signs in it are not.
    format!("{lead}⟦OBFUSCATED|{found}⟧{tail}")
}

/// Rows of a table or a list with several things.
fn row_form(rng: &mut Rng, kind: &mut String) -> String {
    kind.push_str("row ");
    let name = rng.pick(&NAMES);
    let (id, phone, account, code) = (
        identity(rng, false),
        mobile(rng),
        card(rng, false),
        credit(rng, false, true),
    );
    let (area, number) = landline(rng);
    let mail = {
        let (n, h) = mailbox(rng);
        format!("{n}@{h}")
    };
    match rng.below(8) {
        0 => format!(
            "| 姓名 | 身份证号 | 手机 |\n|---|---|---|\n| {name} | ⟦ID_CARD|{id}⟧ | ⟦MOBILE|{phone}⟧ |\n"
        ),
        1 => format!("{name},⟦ID_CARD|{id}⟧,⟦MOBILE|{phone}⟧,⟦BANK_CARD|{account}⟧\n"),
        2 => format!("序号\t姓名\t电话\n1\t{name}\t⟦MOBILE|{phone}⟧\n"),
        3 => format!(
            "甲方：宏远公司（⟦USCC|{code}⟧），联系人{name}，电话⟦LANDLINE|{area}-{number}⟧、⟦MOBILE|{phone}⟧，邮箱⟦EMAIL|{mail}⟧。"
        ),
        4 => format!(
            "- {name}：⟦MOBILE|{phone}⟧\n- 传真：⟦LANDLINE|{area}-{number}⟧\n- 邮箱：⟦EMAIL|{mail}⟧\n"
        ),
        5 => format!("<tr><td>{name}</td><td>⟦ID_CARD|{id}⟧</td><td>⟦MOBILE|{phone}⟧</td></tr>\n"),
        6 => format!(
            "{{\"name\":\"{name}\",\"phone\":\"⟦MOBILE|{phone}⟧\",\"idcard\":\"⟦ID_CARD|{id}⟧\"}}"
        ),
        _ => format!("{name}；⟦ID_CARD|{id}⟧；⟦BANK_CARD|{account}⟧；⟦MOBILE|{phone}⟧。"),
    }
}

/// Something that looks like one of them and is none.
pub fn negative(rng: &mut Rng) -> (String, String) {
    let d = |rng: &mut Rng, n: usize| rng.digits(n);
    let first = |rng: &mut Rng, head: &str, n: usize| format!("{head}{}", rng.digits(n));
    let (kind, text) = match rng.below(44) {
        0 => (
            "docno",
            format!(
                "根据税总发〔20{}〕{}号文件",
                10 + rng.below(16),
                1 + rng.below(200)
            ),
        ),
        1 => (
            "notice",
            format!(
                "国家税务总局公告20{}年第{}号",
                10 + rng.below(16),
                1 + rng.below(60)
            ),
        ),
        2 => (
            "invoice20",
            format!("数电发票号码{}", first(rng, "2644", 16)),
        ),
        3 => (
            "invoice code",
            format!("发票代码0{}，发票号码{}", d(rng, 11), d(rng, 8)),
        ),
        4 => ("amount", format!("共计{}元", first(rng, "138", 8))),
        5 => (
            "amount comma",
            format!("入库税款13,{},{},{}.50元", d(rng, 3), d(rng, 3), d(rng, 3)),
        ),
        6 => (
            "amount wan",
            format!("完成税收收入{}万元", first(rng, "159", 8)),
        ),
        7 => ("decimal", format!("系数为0.{}", first(rng, "138", 8))),
        8 => (
            "date",
            format!(
                "{}于{}年{:02}月{:02}日印发",
                rng.pick(&["该通知", "本办法"]),
                2010 + rng.below(16),
                1 + rng.below(12),
                1 + rng.below(28)
            ),
        ),
        9 => (
            "date number",
            format!(
                "生成日期{}{:02}{:02}",
                2010 + rng.below(16),
                1 + rng.below(12),
                1 + rng.below(28)
            ),
        ),
        10 => (
            "stamp",
            format!(
                "20{}{:02}{:02}{:02}{:02}{:02}更新",
                10 + rng.below(16),
                1 + rng.below(12),
                1 + rng.below(28),
                rng.below(24),
                rng.below(60),
                rng.below(60)
            ),
        ),
        11 => (
            "isbn",
            format!("ISBN 978-7-5678-{}-{}", d(rng, 4), d(rng, 1)),
        ),
        12 => ("isbn13", format!("书号：978{}", d(rng, 10))),
        13 => (
            "order",
            format!(
                "{}{}",
                rng.pick(&[
                    "订单号：",
                    "订单编号",
                    "运单号 ",
                    "快递单号：",
                    "流水号",
                    "交易单号："
                ]),
                first(rng, "62", 17)
            ),
        ),
        14 => (
            "serial id",
            format!(
                "{}{}",
                rng.pick(&[
                    "文书编号",
                    "受理编号：",
                    "电子税票号码",
                    "凭证号 ",
                    "案件编号：",
                    "合同编号："
                ]),
                identity(rng, true)
            ),
        ),
        15 => (
            "serial phone",
            format!(
                "{}{}",
                rng.pick(&["受理号", "流水号：", "工单编号 ", "批次号", "资产编号："]),
                mobile(rng)
            ),
        ),
        16 => (
            "registration",
            format!(
                "税务登记证号：{}",
                first(rng, "4401", 11)
                    .chars()
                    .take(15)
                    .collect::<String>()
                    .replacen("4401", "4499", 1)
            ),
        ),
        17 => (
            "hotline",
            format!(
                "请拨打{}",
                rng.pick(&[
                    "12366",
                    "12345",
                    "12388",
                    "12315",
                    "95588",
                    "96196",
                    "110",
                    "12333热线",
                    "114",
                    "10086"
                ])
            ),
        ),
        18 => (
            "400",
            format!(
                "客服电话{}",
                rng.pick(&[
                    "400-810-8888",
                    "4008108888",
                    "400 700 1234",
                    "800-820-8820",
                    "400-6006-123",
                    "95599转2"
                ])
            ),
        ),
        19 => (
            "ip",
            format!(
                "服务器地址{}.{}.{}.{}",
                10 + rng.below(200),
                rng.below(256),
                rng.below(256),
                rng.below(256)
            ),
        ),
        20 => (
            "url",
            format!(
                "https://www.example.gov.cn/art/2026/{}/{}/art_{}_{}.html",
                1 + rng.below(12),
                1 + rng.below(28),
                d(rng, 4),
                mobile(rng)
            ),
        ),
        21 => (
            "url query",
            format!(
                "http://example.gov.cn/detail?id={}&t={}",
                identity(rng, true),
                mobile(rng)
            ),
        ),
        22 => (
            "file",
            format!("见附件：P0{}{}.docx", mobile(rng), d(rng, 6)),
        ),
        23 => ("file id", format!("下载 W02026{}.pdf", d(rng, 18))),
        24 => (
            "longer",
            format!(
                "{}{}{}是系统生成的标识",
                2 + rng.below(8),
                mobile(rng),
                d(rng, 4)
            ),
        ),
        25 => (
            "longer hex",
            format!("摘要值 a3f{}9c{}e1", mobile(rng), d(rng, 6)),
        ),
        26 => (
            "columns",
            format!(
                "2023 {} {}\n2024 {} {}\n2025 {} {}\n",
                d(rng, 4),
                d(rng, 4),
                d(rng, 4),
                d(rng, 4),
                d(rng, 4),
                d(rng, 4)
            ),
        ),
        27 => (
            "table",
            format!(
                "| 税种 | 本期 | 累计 |\n|---|---|---|\n| 增值税 | 1{} | 13{} |\n| 所得税 | {} | {} |\n",
                d(rng, 7),
                d(rng, 9),
                d(rng, 6).replace('0', "3"),
                d(rng, 7).replace('0', "4")
            ),
        ),
        28 => (
            "masked",
            rng.pick(&[
                "手机138****5678",
                "身份证110101********123X",
                "卡号6222 **** **** 1234",
                "电话0571-8888****",
                "尾号1234",
                "13*******88",
                "3301**********0011",
                "622202*********5678",
            ])
            .to_owned(),
        ),
        29 => (
            "secret prose",
            rng.pick(&[
                "企业的商业秘密受法律保护。",
                "应当依法保守国家秘密。",
                "机密级、秘密级国家秘密载体的管理",
                "绝密级国家秘密的保密期限不超过三十年，机密级不超过二十年，秘密级不超过十年。",
                "第十四条　国家秘密的密级分为绝密、机密、秘密三级。",
                "机关、单位不得将绝密级事项定为机密级。",
                "非法获取国家秘密罪",
                "泄露工作秘密的，给予处分",
                "侵犯商业秘密罪",
                "她有一个小秘密。",
                "成功的秘密在于坚持。",
                "机密性、完整性、可用性",
                "秘密级文件应当在设备完善的保险装置中保存",
                "确定密级，应当同时确定保密期限",
                "属于机密级国家秘密的，",
                "采取秘密窃取的手段",
                "秘密侦查",
                "党的秘密工作",
                "涉密人员接触、知悉绝密级国家秘密的",
                "保守秘密、慎之又慎",
                "技术秘密转让合同",
                "最高机密往往藏在细节里",
                "以秘密方式选举产生",
                "揭开财务造假的秘密",
            ])
            .to_owned(),
        ),
        30 => (
            "public prose",
            rng.pick(&[
                "（此件公开发布）",
                "公开属性：主动公开",
                "公开方式：依申请公开",
                "信息公开指南",
                "内部控制制度",
                "不予公开的情形包括",
                "企业内部资料性出版物",
                "对不予公开的政府信息，应当说明理由",
                "内部文件流转程序",
                "单位内部使用的票据",
                "不公开开庭审理",
                "以公开为常态、不公开为例外",
                "内部参考价格由企业自定",
                "期内参保人员",
                "被审计单位应提供内部资料",
                "依申请公开",
                "公开前应当进行保密审查",
                "属于内部管理信息的，可以不予公开",
                "请妥善保管登记证件",
                "严禁外传密码等敏感信息是基本要求",
                "不得泄露举报人信息",
                "任何人不得外传会议照片的规定",
                "《内部资料管理办法》",
                "内部使用面积120平方米",
            ])
            .to_owned(),
        ),
        31 => (
            "passwords",
            rng.pick(&[
                "手机密码应定期更换",
                "计算机密码",
                "司机密切配合",
                "主机密钥",
                "拒绝密集开工",
                "飞机密封舱",
                "取款机密码键盘",
                "便秘密切相关",
            ])
            .to_owned(),
        ),
        32 => (
            "postcode",
            format!("地址：南京市玄武区1号，邮编{}", first(rng, "2100", 2)),
        ),
        33 => (
            "range",
            format!("{}-{}年度", 2000 + rng.below(20), 2020 + rng.below(6)),
        ),
        34 => (
            "article",
            format!(
                "第{}条第{}款，参见{}.{}.{}节",
                1 + rng.below(90),
                1 + rng.below(5),
                1 + rng.below(9),
                1 + rng.below(20),
                1 + rng.below(20)
            ),
        ),
        35 => (
            "version",
            format!(
                "金税四期V{}.{}.{}.{}",
                rng.below(10),
                rng.below(100),
                d(rng, 4),
                d(rng, 4)
            ),
        ),
        36 => (
            "at no mail",
            rng.pick(&[
                "@国家税务总局 官微",
                "关注@税务蓝",
                "C#语言",
                "单价5元@个",
                "1#楼2#机组",
                "#减税降费#话题",
                "R&D",
                "look at this",
                "A#B.C",
                "三期#2主变",
            ])
            .to_owned(),
        ),
        37 => ("qq", format!("QQ群：{}", first(rng, "1", 8))),
        38 => ("count", format!("办理业务{}笔", mobile(rng))),
        39 => (
            "stock",
            format!(
                "股票代码{}，商品编码{}",
                first(rng, "60", 4),
                first(rng, "62", 17)
            ),
        ),
        40 => (
            "half phone",
            format!(
                "{}%的纳税人（{}户）",
                d(rng, 2),
                d(rng, 7).replace('0', "2")
            ),
        ),
        41 => (
            "index",
            format!("索引号：00001434{}/2026-{}", d(rng, 1), d(rng, 5)),
        ),
        42 => (
            "license",
            format!(
                "京ICP备{}号，公网安备{}号",
                first(rng, "130", 5),
                first(rng, "110102", 8)
            ),
        ),
        _ => (
            "coordinates",
            format!("东经118.{}，北纬32.{}", d(rng, 7), d(rng, 8)),
        ),
    };
    (kind.to_owned(), text)
}

/// A text of a few sentences with what must be found marked, and the kinds of the forms in it.
pub fn text(rng: &mut Rng) -> (Vec<String>, String) {
    let mut kinds = Vec::new();
    let mut out = String::new();
    let n = 2 + rng.below(4);
    for _ in 0..n {
        match rng.below(3) {
            0 => out.push_str(rng.pick(&PROSE)),
            1 => {
                let (kind, text) = positive(rng);
                kinds.push(kind);
                out.push_str(&text);
            }
            _ => {
                let (kind, text) = negative(rng);
                kinds.push(format!("not: {kind}"));
                out.push_str(&text);
            }
        }
        if !out.ends_with(['。', '\n', '；']) {
            out.push_str(rng.pick(&["。", "。", "\n", "；"]));
        }
    }
    (kinds, out)
}

/// A span that must be found, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gold {
    pub start: usize,
    pub end: usize,
    pub label: String,
}

/// Takes the brackets off.
pub fn parse(line: &str) -> (String, Vec<Gold>) {
    let mut text = String::new();
    let mut spans = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('⟦') {
        text.push_str(before);
        let Some((inside, tail)) = after.split_once('⟧') else {
            break;
        };
        let Some((label, found)) = inside.split_once('|') else {
            break;
        };
        let start = text.len();
        text.push_str(found);
        spans.push(Gold {
            start,
            end: text.len(),
            label: label.to_owned(),
        });
        rest = tail;
    }
    text.push_str(rest);
    (text, spans)
}
