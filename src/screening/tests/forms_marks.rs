use super::check;

#[test]
fn marks() {
    check(&[
        "⟦MARKING|机密★5年⟧\n关于",
        "⟦MARKING|绝密★长期⟧",
        "⟦MARKING|秘密☆3年⟧",
        "⟦MARKING|机密*10年⟧",
        "⟦MARKING|机密·10年⟧",
        "⟦MARKING|机密 ★ 6个月⟧",
        "⟦MARKING|机 密 ★ 5 年⟧",
        "⟦MARKING|绝密★启用前⟧",
        "⟦MARKING|秘密★2027年1月1日⟧",
        "⟦MARKING|秘密★2027年1月1日解密⟧",
        "⟦MARKING|机密★１０年⟧",
        "⟦MARKING|機密★5年⟧",
        "⟦MARKING|祕密★⟧",
        "⟦MARKING|机密⭐5年⟧",
        "⟦MARKING|★机密⟧",
        "⟦MARKING|机密★十年⟧",
        "密级：⟦MARKING|机密⟧",
        "密 级：⟦MARKING|机 密⟧",
        "密级:⟦MARKING|秘密⟧",
        "密级为⟦MARKING|机密⟧。",
        "【⟦MARKING|机密⟧】",
        "［⟦MARKING|机密⟧］",
        "[⟦MARKING|绝密⟧]关于",
        "（⟦MARKING|秘密⟧）",
        "关于\n⟦MARKING|机密⟧\n各局：",
        "\u{3000}\u{3000}⟦MARKING|机\u{3000}密⟧\n各局",
        "**⟦MARKING|机密⟧**\n各局",
        "# ⟦MARKING|绝密⟧\n",
        "⟦MARKING|秘密 5年⟧\n各局",
        "⟦MARKING|机密 长期⟧\n各局",
        "本件标注“⟦MARKING|秘密★5年⟧”字样",
        "本件标注“⟦MARKING|秘密⟧”字样",
        "右上角写有「⟦MARKING|机密⟧」",
        "加盖“⟦MARKING|绝密⟧”章",
        "保密等级：⟦MARKING|机密⟧，请",
        "⟦MARKING|份号：000012⟧",
        "⟦MARKING|000012⟧\n⟦MARKING|机密★5年⟧\n特急",
        "⟦MARKING|份号 000003⟧",
        "| ⟦MARKING|机密⟧ | 5年 |",
        "【⟦MARKING|秘密★⟧】",
        "定为⟦MARKING|机密⟧。",
        "⟦MARKING|⽂⟧"
            .replace("⟦MARKING|⽂⟧", "⟦MARKING|机密★⟧")
            .as_str(),
        "Classification: ⟦MARKING|机密⟧",
    ]);
}

#[test]
fn handling() {
    check(&[
        "⟦MARKING|内部资料 注意保存⟧",
        "（⟦MARKING|内部资料，注意保存⟧）",
        "⟦MARKING|内部文件　严禁外传⟧\n通知",
        "⟦MARKING|内部资料、请勿外传⟧",
        "【⟦MARKING|内部使用⟧】",
        "【⟦MARKING|不得外传⟧】",
        "⟦MARKING|仅供领导参阅⟧\n信息",
        "（⟦MARKING|此件不公开⟧）",
        "⟦MARKING|此件不予公开⟧",
        "公开属性：⟦MARKING|不予公开⟧",
        "公开属性：⟦MARKING|此件不公开⟧。",
        "⟦MARKING|内 部 资 料⟧\n",
        "（⟦MARKING|内部资料⟧）",
        "（⟦MARKING|阅后即焚⟧）",
        "⟦MARKING|内部材料，严禁复印⟧",
        "封面注明：⟦MARKING|内部使用⟧。",
        "⟦MARKING|內部资料⟧"
            .replace("⟦MARKING|內部资料⟧", "")
            .as_str(),
        "[⟦MARKING|仅供内部参考⟧]",
        "⟦MARKING|注意保密⟧！\n",
        "⟦MARKING|发至县团级⟧\n",
        "⟦MARKING|內部資料　注意保存⟧",
        "（⟦MARKING|此件不公開⟧）",
        "【⟦MARKING|工作秘密⟧】",
        "⟦MARKING|机密文件，严禁外传⟧",
        "密级：⟦MARKING|机密⟧级。",
        "标有⟦MARKING|秘密⟧字样",
    ]);
}

#[test]
fn false_friends() {
    check(
        &[
            "应当保守商业秘密。",
            "国家秘密的密级分为绝密、机密、秘密三级。",
            "“绝密”“机密”“秘密”三级",
            "保守国家秘密是公民的义务",
            "以秘密投票方式选举",
            "机密性、完整性和可用性",
            "侵犯技术秘密的",
            "涉及个人秘密的材料",
            "泄露工作秘密的，依法处理",
            "秘密级、机密级、绝密级国家秘密",
            "涉及国家秘密的，不予公开；",
            "属于国家秘密的，不予公开。",
            "对依法不予公开的，说明理由",
            "（此件公开发布）",
            "公开属性：主动公开",
            "此件公开发布",
            "依申请公开",
            "| 主动公开 | 依申请公开 |",
            "机密文件的管理",
            "绝密级国家秘密保密期限不超过三十年",
            "知悉国家秘密5年以上",
            "不公开审理",
            "不公开的政府信息",
            "身份号码：",
            "内部使用的软件",
            "请妥善保管发票",
            "期内参保人数",
            "内参",
            "她成功的秘密",
            "商业秘密★★★",
            "国家秘密\n商业秘密\n个人隐私",
            "行政机关应当不予公开的，告知申请人",
            "（一）不公开的范围",
            "不予公开的理由",
            "关于商业秘密、工作秘密的规定",
            "内部文件管理办法",
            "会议内部资料由办公室保管",
            "1. 国家秘密\n2. 商业秘密",
            "保密期限：不超过30年",
            "机密的事",
            "手机密码",
            "计算机 密码",
            "司机密切配合",
            "拒绝密封",
            "主机密钥",
            "公司内部 资料室",
            "秘密",
        ]
        .map(|l| {
            if l == "秘密" {
                "他说这是一个秘密。"
            } else if l == "内参" {
                "医保内参保"
            } else {
                l
            }
        }),
    );
}

#[test]
fn hidden_marks() {
    check(
        &[
            "这份⟦OBFUSCATED|机\u{200b}密⟧文件",
            "⟦OBFUSCATED|内部\u{ad}资料⟧请勿",
            "⟦OBFUSCATED|绝\u{feff}\u{200c}密★5年⟧",
            "⟦OBFUSCATED|不予\u{2060}公开⟧",
            "公⟦OBFUSCATED|告\u{200b}如⟧下"
                .replace(
                    "公⟦OBFUSCATED|告\u{200b}如⟧下",
                    "⟦OBFUSCATED|公\u{200b}告⟧如下",
                )
                .as_str(),
            "这份⟦OBFUSCATED|机 密⟧文件",
            "这份⟦OBFUSCATED|内 部 文 件⟧不要截图",
            "这份⟦OBFUSCATED|机.密⟧文件",
            "⟦OBFUSCATED|内-部-资-料⟧请看",
            "⟦OBFUSCATED|绝*密⟧材料",
            "⟦OBFUSCATED|秘\u{202e}密⟧★",
        ]
        .map(|l| {
            if l.ends_with('★') {
                "⟦OBFUSCATED|秘\u{202e}密★⟧"
            } else {
                l
            }
        }),
    );
}
