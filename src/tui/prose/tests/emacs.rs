use super::*;

#[test]
fn emacs() {
    play(
        Preset::Emacs,
        &[
            ("|税务", "<ctrl-f>", "税|务"),
            ("税务|", "<ctrl-b>", "税|务"),
            ("|一\n二", "<ctrl-n>", "一\n|二"),
            ("一\n|二", "<ctrl-p>", "|一\n二"),
            ("　　一|二", "<ctrl-a>", "　　|一二"),
            ("|一二", "<ctrl-e>", "一二|"),
            ("|编辑部今天", "<alt-f>", "编辑|部今天"),
            ("编辑部今天|", "<alt-b>", "编辑部|今天"),
            ("|他走。她来。", "<alt-e>", "他走。|她来。"),
            ("他走。她来。|", "<alt-a>", "他走。|她来。"),
            ("一|\n二", "<alt->>", "一\n二|"),
            ("一\n二|", "<alt-<>", "|一\n二"),
            ("|税务", "<ctrl-d>", "|务"),
            ("|编辑部今天", "<alt-d>", "|部今天"),
            ("编辑部今天|", "<alt-backspace>", "编辑部|"),
            ("一|二\n三", "<ctrl-k>", "一|\n三"),
            ("一|二\n三", "<ctrl-k> <ctrl-k>", "一|三"),
            // Kills that follow one another come back together.
            (
                "|编辑部今天",
                "<alt-d> <alt-d> <ctrl-e> <ctrl-y>",
                "今天编辑部|",
            ),
            (
                "一|二\n三",
                "<ctrl-k> <ctrl-k> <ctrl-e> <ctrl-y>",
                "一三二\n|",
            ),
            (
                "编辑部今天|",
                "<alt-backspace> <alt-backspace> <ctrl-y>",
                "编辑部今天|",
            ),
            // An older cut in the place of the younger.
            (
                "|编辑部今天",
                "<alt-d> <ctrl-f> <alt-d> <ctrl-y> <alt-y>",
                "部编辑|",
            ),
            ("|一二", "<alt-y>", "|一二"),
            ("一|二三", "<ctrl-space> <ctrl-f> <ctrl-w>", "一|三"),
            (
                "一|二三",
                "<ctrl-space> <ctrl-f> <alt-w> <ctrl-e> <ctrl-y>",
                "一二三二|",
            ),
            (
                "一|二三",
                "<ctrl-space> <ctrl-f> <ctrl-x> <ctrl-x>",
                "一|二^三",
            ),
            (
                "一|二三",
                "<ctrl-space> <ctrl-f> <ctrl-g> <ctrl-f>",
                "一二三|",
            ),
            ("一二|三", "<ctrl-x> h", "^一二三|"),
            ("一|", "二 <ctrl-/>", "一|"),
            ("一|", "二 <ctrl-_> <alt-_>", "一二|"),
            ("一|", "二 <ctrl-x> u", "一|"),
            ("甲乙|丙", "<ctrl-t>", "甲丙乙|"),
            (
                "|税收与税务",
                "<ctrl-s> 税 <ctrl-s> <enter>",
                "税收与^税|务",
            ),
            (
                "|税收与税务",
                "<ctrl-s> 税 <ctrl-s> <ctrl-r> <enter>",
                "^税|收与税务",
            ),
            ("税收与税务|", "<ctrl-r> 税 <enter>", "税收与^税|务"),
            ("税|收", "<ctrl-s> 收 <ctrl-g>", "税|收"),
            ("|税税", "<alt-%> 税 <enter> 国 <alt-a>", "国国|"),
            ("|一\n二\n三", "<alt-g> g 2 <enter>", "一\n|二\n三"),
            ("一|\n二", "<alt-^>", "一|二"),
            ("|一\n二", "<alt-}>", "一\n|二"),
            ("一二|三", "<alt-h>", "^一二三|"),
            ("　　一二|", "<alt-m>", "　　|一二"),
            ("他走。|她来。", "<alt-k>", "他走。|"),
        ],
    );
}
