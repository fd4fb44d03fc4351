use super::*;
use crate::tui::action::Action;

fn t(cases: &[(&str, &str, &str)]) {
    play(Preset::Default, cases);
}

#[test]
fn typing_and_deleting() {
    t(&[
        ("|", "税务", "税务|"),
        ("税|务", "收", "税收|务"),
        ("税^总|务", "收", "税收|务"),
        ("税^总局|务", "<backspace>", "税|务"),
        ("税务|", "<backspace>", "税|"),
        ("|税务", "<backspace>", "|税务"),
        ("税\n|务", "<backspace>", "税|务"),
        ("税|\n务", "<delete>", "税|务"),
        ("税|务", "<delete>", "税|"),
        ("税务|", "<delete>", "税务|"),
        // A cluster is one character, however many code points it has.
        ("x👨\u{200d}👩\u{200d}👧|", "<backspace>", "x|"),
        ("xe\u{301}|", "<backspace>", "x|"),
        ("x葛\u{e0100}|", "<backspace>", "x|"),
        ("|👨\u{200d}👩\u{200d}👧x", "<delete>", "|x"),
        ("编辑部今天|发布", "<ctrl-backspace>", "编辑部|发布"),
        ("编辑部|今天发布", "<ctrl-delete>", "编辑部|发布"),
        ("甲|乙丙\n丁", "<ctrl-k>", "甲|\n丁"),
        ("甲|\n丁", "<ctrl-k>", "甲|丁"),
        ("甲乙|丙", "<ctrl-u>", "|丙"),
        ("甲|乙丙\n丁", "<alt-e>", "甲|\n丁"),
        ("一\n二|\n三", "<alt-k>", "一\n|三"),
        ("一\n二|", "<alt-k>", "|一"),
        ("一|", "<alt-k>", "|"),
        ("他走了。她|来了。", "<alt-h>", "他走了。|来了。"),
        ("|他走了。她来了。", "<alt-delete>", "|她来了。"),
        ("甲乙|丙", "<ctrl-t>", "甲丙乙|"),
        ("甲乙丙|", "<ctrl-t>", "甲丙乙|"),
        ("|甲", "<ctrl-t>", "|甲"),
    ]);
}

#[test]
fn moving() {
    t(&[
        ("税|务", "<left>", "|税务"),
        ("税|务", "<right>", "税务|"),
        ("税|\n务", "<right>", "税\n|务"),
        ("税\n|务", "<left>", "税|\n务"),
        ("|税", "<left>", "|税"),
        (
            "|编辑部今天发布了新的文章。",
            "<ctrl-right>",
            "编辑|部今天发布了新的文章。",
        ),
        (
            "|编辑部今天发布了新的文章。",
            "<ctrl-right> <ctrl-right> <ctrl-right>",
            "编辑部今天|发布了新的文章。",
        ),
        ("编辑部今天发布|", "<ctrl-left>", "编辑部今天|发布"),
        ("编辑部今天|\n文章", "<ctrl-right>", "编辑部今天\n|文章"),
        ("　　本通|知", "<home>", "　　|本通知"),
        ("　　本通|知", "<home> <home>", "|　　本通知"),
        ("　　本通|知", "<home> <home> <home>", "　　|本通知"),
        ("本|通知", "<end>", "本通知|"),
        ("一\n二|二\n三", "<ctrl-up>", "一\n|二二\n三"),
        ("一\n|二\n三", "<ctrl-up>", "|一\n二\n三"),
        ("一\n|二\n三", "<ctrl-down>", "一\n二\n|三"),
        ("一\n二\n|三", "<ctrl-down>", "一\n二\n三|"),
        ("一\n二\n|三", "<ctrl-home>", "|一\n二\n三"),
        ("|一\n二\n三", "<ctrl-end>", "一\n二\n三|"),
        (
            "一二|三\n四\n五六七",
            "<down> <down>",
            "一二三\n四\n五六|七",
        ),
        ("一二三\n四\n五六|七", "<up>", "一二三\n四|\n五六七"),
        ("一二三|\n四", "<down>", "一二三\n四|"),
        ("一|二", "<up>", "|一二"),
        ("一|二", "<down>", "一二|"),
        (
            "|他说：“走吧。”然后走了。",
            "<alt-f>",
            "他说：“走吧。”|然后走了。",
        ),
        ("他走了。她|来了。", "<alt-b>", "他走了。|她来了。"),
        ("他走了。|她来了。", "<alt-b>", "|他走了。她来了。"),
        ("见|（《通知》）。", "<alt-]>", "见（《通知》|）。"),
        ("见（|《通知》）。", "<alt-]>", "见（《通知|》）。"),
        ("见（《通知》|）。", "<alt-]>", "见|（《通知》）。"),
        ("|“一\n二”", "<alt-]>", "“一\n二|”"),
        ("一二|三\n四", "<alt-home>", "|一二三\n四"),
        ("一|二三\n四", "<alt-end>", "一二三|\n四"),
        ("|一\n二\n三", "<ctrl-g> 3 <enter>", "一\n二\n|三"),
        ("|一\n二\n三", "<ctrl-g> 99 <enter>", "一\n二\n|三"),
        ("|一\n二", "<ctrl-g> 2 <esc>", "|一\n二"),
    ]);
}

#[test]
fn selecting() {
    t(&[
        ("税|务总局", "<shift-right> <shift-right>", "税^务总|局"),
        ("税|务总局", "<shift-right> <left>", "税|务总局"),
        ("税|务总局", "<shift-right> <right>", "税务|总局"),
        ("税|务总局", "<shift-end>", "税^务总局|"),
        ("税务|总局", "<shift-home>", "|税务^总局"),
        ("一\n|二\n三", "<ctrl-shift-down>", "一\n^二\n|三"),
        ("一二|三", "<ctrl-a>", "^一二三|"),
        ("一|二\n三", "<ctrl-shift-end>", "一^二\n三|"),
        ("一|二\n三", "<ctrl-shift-home>", "|一^二\n三"),
        ("编辑部今|天发布", "<alt-w>", "编辑部^今天|发布"),
        ("他走。她|来。", "<alt-s>", "他走。^她来。|"),
        ("一\n二|二\n三", "<alt-a>", "一\n^二二|\n三"),
        ("税|务", "<ctrl-space> <right> <right>", "税^务|"),
        ("税|务", "<ctrl-space> <right> <esc> <right>", "税务|"),
        ("税^务|", "<alt-o>", "税|务^"),
        ("|（一）二", "<alt-}>", "^（一|）二"),
        ("税^务|总", "<esc>", "税务|总"),
    ]);
}

#[test]
fn cut_copy_paste() {
    t(&[
        ("税^务|总局", "<ctrl-x> <end> <ctrl-v>", "税总局务|"),
        ("税^务|总局", "<ctrl-c> <end> <ctrl-v>", "税务总局务|"),
        ("税^务|总局", "<ctrl-x> <backspace> <ctrl-v>", "务|总局"),
        ("税|务", "<ctrl-c> <ctrl-v>", "税|务"),
    ]);
    let mut desk = Desk::new(Preset::Default, "税^务|总局");
    desk.press("<ctrl-x>");
    assert_eq!(desk.prose.requests(), [Request::Copy("务".into())]);
}

#[test]
fn paragraphs_and_markdown() {
    t(&[
        ("一\n二|\n三", "<alt-up>", "二|\n一\n三"),
        ("一|\n二\n三", "<alt-down>", "二\n一|\n三"),
        ("|一", "<alt-up>", "|一"),
        ("一|", "<alt-down>", "一|"),
        ("一\n^二\n三|\n四", "<alt-up>", "^二\n三|\n一\n四"),
        ("一\n二|二\n三", "<ctrl-d>", "一\n二二\n二|二\n三"),
        ("一|\n　　二", "<alt-j>", "一|二"),
        ("tax|\nlaw", "<alt-j>", "tax| law"),
        ("^一\n二\n三|", "<alt-j>", "一二|三"),
        ("本通|知", "<alt->>", "　　本通|知"),
        ("　　本通|知", "<alt-<>", "本通|知"),
        ("- 一|", "<alt->>", "  - 一|"),
        ("  - 一|", "<alt-<>", "- 一|"),
        ("标|题", "<alt-=>", "# 标|题"),
        ("# 标|题", "<alt-=>", "## 标|题"),
        ("## 标|题", "<alt-minus>", "# 标|题"),
        ("# 标|题", "<alt-minus>", "标|题"),
        ("标|题", "<alt-minus>", "标|题"),
        ("###### 标|题", "<alt-=>", "###### 标|题"),
        ("^一\n二|", "<alt-l>", "- ^一\n- 二|"),
        ("- 一\n^- 二|", "<alt-l>", "- 一\n^二|"),
        ("一|", "<alt-q>", "> 一|"),
        ("> 一|", "<alt-q>", "一|"),
        ("见^通知|。", "<alt-t>", "见《^通知|》。"),
        ("见《^通知|》。", "<alt-t>", "见^通知|。"),
        ("他说^好|", "<alt-\">", "他说“^好|”"),
        ("编辑部今|天", "<alt-(>", "编辑部（今|天）"),
        ("- 一|", "<enter> 二", "- 一\n- 二|"),
        ("9. 一|", "<enter> 二", "9. 一\n10. 二|"),
        ("- |", "<enter>", "|"),
        ("　　一|", "<enter> 二", "　　一\n　　二|"),
        ("|　　一", "<enter>", "\n|　　一"),
        ("一|二", "<enter>", "一\n|二"),
    ]);
}

#[test]
fn undo_takes_back_what_a_person_did() {
    t(&[
        ("|", "今天天气很好 <ctrl-z>", "|"),
        ("|", "今天 <left> 明天 <ctrl-z>", "今|天"),
        ("|", "今天 <ctrl-z> <ctrl-y>", "今天|"),
        ("一二三|", "<backspace> <backspace> <ctrl-z>", "一二三|"),
        ("|一二三", "<delete> <delete> <ctrl-z>", "|一二三"),
        ("|", "一 <enter> 二 <ctrl-z>", "|"),
        ("税^务|局", "收 <ctrl-z>", "税^务|局"),
        ("一|", "<ctrl-z>", "一|"),
    ]);
    // A pause parts steps, and so does a save; undo goes across it.
    let mut desk = Desk::new(Preset::Default, "|");
    desk.press("今天");
    desk.now += Duration::from_secs(2);
    desk.press("明天 <ctrl-z>");
    assert_eq!(desk.shown(), "今天|");
    let state = desk.prose.state();
    desk.prose.saved(state);
    assert!(!desk.prose.dirty());
    desk.press("后天");
    assert!(desk.prose.dirty());
    desk.press("<ctrl-z>");
    assert_eq!(desk.shown(), "今天|");
    assert!(!desk.prose.dirty(), "back at the saved text");
    desk.press("<ctrl-z>");
    assert_eq!(desk.shown(), "|");
    assert!(desk.prose.dirty());
    desk.press("<ctrl-y>");
    assert!(!desk.prose.dirty());
    // A save that comes back late saves what was sent, not what was typed meanwhile.
    desk.press("甲");
    let sent = desk.prose.state();
    desk.press("乙");
    desk.prose.saved(sent);
    assert!(desk.prose.dirty());
    desk.press("<ctrl-z>");
    assert_eq!(
        (desk.shown().as_str(), desk.prose.dirty()),
        ("今天甲|", false)
    );
    // Another way from an undone place leaves the saved text behind for good.
    desk.press("<ctrl-z> 丙 <ctrl-z>");
    assert!(desk.prose.dirty());
}

#[test]
fn a_batch_is_one_insert_and_one_step() {
    let mut desk = Desk::new(Preset::Default, "甲|乙");
    desk.event(&Event::Text("一行\n二行".into()));
    assert_eq!(desk.shown(), "甲一行\n二行|乙");
    assert_eq!(desk.prose.history.depth(), 1);
    desk.press("<ctrl-z>");
    assert_eq!(desk.shown(), "甲|乙");
    desk.event(&Event::Paste("贴\r\n上\u{1b}[2J\r了".into()));
    assert_eq!(desk.shown(), "甲贴\n上[2J\n了|乙");
    desk.press("<ctrl-z>");
    assert_eq!(desk.shown(), "甲|乙");
    // Batches of an unbracketed paste follow one another at once.
    desk.event(&Event::Text("一".into()));
    desk.event(&Event::Action(Action::NewLine));
    desk.event(&Event::Text("二".into()));
    desk.press("<ctrl-z>");
    assert_eq!(desk.shown(), "甲|乙");
}

#[test]
fn a_very_large_paste_is_asked_about() {
    let mut desk = Desk::new(Preset::Default, "|");
    let text = "税".repeat(LARGE_PASTE / 3 + 1);
    desk.event(&Event::Paste(text.clone()));
    assert_eq!(desk.shown(), "|");
    assert_eq!(desk.prose.requests(), [Request::LargePaste(text.clone())]);
    desk.prose.paste(&text);
    assert_eq!(desk.prose.text(), text);
    desk.press("<ctrl-z>");
    assert_eq!(desk.shown(), "|");
}

#[test]
fn searching() {
    t(&[
        ("|税收与税务", "<ctrl-f> 税 <enter>", "^税|收与税务"),
        ("|税收与税务", "<ctrl-f> 税务 <enter>", "税收与^税务|"),
        ("|税收与税务", "<ctrl-f> 税 <down> <enter>", "税收与^税|务"),
        (
            "|税收与税务",
            "<ctrl-f> 税 <down> <down> <enter>",
            "^税|收与税务",
        ),
        ("|税收与税务", "<ctrl-f> 税 <up> <enter>", "税收与^税|务"),
        ("税|收", "<ctrl-f> 收 <esc>", "税|收"),
        ("税|收", "<ctrl-f> 无 <enter>", "税|收"),
        ("|税收与税务", "<ctrl-f> 税 <enter> <f3>", "税收与^税|务"),
        (
            "|税收与税务",
            "<ctrl-f> 税 <enter> <f3> <shift-f3>",
            "^税|收与税务",
        ),
        (
            "|第1条第22条",
            "<ctrl-f> <alt-r> 第\\d\\d条 <enter>",
            "第1条^第22条|",
        ),
        ("|VAT １３", "<ctrl-f> vat <enter>", "^VAT| １３"),
        ("|VAT １３", "<ctrl-f> <alt-w> 13 <enter>", "VAT ^１３|"),
        // What is selected is looked for.
        ("^税|收与税务", "<ctrl-f> <down> <enter>", "税收与^税|务"),
    ]);
    let mut desk = Desk::new(Preset::Default, "|税收");
    desk.press("<ctrl-f> <alt-r> (");
    let screen = desk.draw(80, 24);
    assert!(screen.contains("unclosed group"), "{screen}");
    desk.press("<enter> <esc>");
    assert_eq!(desk.shown(), "|税收");
    desk.press("<ctrl-f> 无此字 <enter>");
    assert!(matches!(&desk.prose.requests()[..], [Request::Say(_)]));
}

#[test]
fn replacing() {
    t(&[
        (
            "|税收与税务",
            "<ctrl-r> 税 <tab> 国税 <alt-a>",
            "国税收与国税|务",
        ),
        (
            "|税收与税务",
            "<ctrl-r> 税 <tab> 国税 <alt-a> <ctrl-z>",
            "^税|收与税务",
        ),
        (
            "|税收与税务",
            "<ctrl-r> 税 <tab> 国 <enter> <esc>",
            "国收与^税|务",
        ),
        (
            "|税收与税务",
            "<ctrl-r> 税 <tab> 国 <enter> <enter> <esc>",
            "国收与国|务",
        ),
        (
            "|第1条、第22条",
            "<ctrl-r> <alt-r> 第(\\d+)条 <tab> 条目$1 <alt-a>",
            "条目1、条目22|",
        ),
        (
            "^甲\n甲|\n甲",
            "<ctrl-r> 甲 <tab> 乙 <alt-a>",
            "乙\n乙|\n甲",
        ),
        ("|$1", "<ctrl-r> $1 <tab> $2 <alt-a>", "$2|"),
    ]);
    let mut desk = Desk::new(Preset::Default, "|税收与税务");
    desk.press("<ctrl-r> 税 <tab> 国税 <alt-a>");
    let said = desk.prose.requests();
    assert!(
        matches!(&said[..], [Request::Say(text)] if text.contains('2')),
        "{said:?}"
    );
}

#[test]
fn findings_and_comments() {
    let mark = |paragraph, range, kind, message: &str| Mark {
        paragraph,
        range,
        kind,
        id: String::new(),
        message: message.into(),
    };
    let mut desk = Desk::new(Preset::Default, "|税务总句\n第二段\n第三段");
    desk.prose.set_marks(vec![
        mark(2, 0..6, MarkKind::Comment, "请核对"),
        mark(0, 6..12, MarkKind::Serious, "错别字"),
    ]);
    desk.press("<alt-n>");
    assert_eq!(desk.shown(), "税务|总句\n第二段\n第三段");
    let screen = desk.draw(80, 24);
    assert!(screen.contains("! 错别字"), "{screen}");
    assert!(screen.starts_with('!'), "a sign in the margin: {screen}");
    desk.press("<alt-n>");
    assert_eq!(desk.prose.position(), (2, 0));
    assert!(desk.draw(80, 24).contains("@ 请核对"));
    // Marks go along with what is typed before them.
    desk.press("<ctrl-home> 国家 <enter> <alt-n>");
    assert_eq!(desk.shown(), "国家\n税务|总句\n第二段\n第三段");
    desk.press("<alt-N>");
    assert_eq!(desk.prose.position(), (3, 0));
    let mut none = Desk::new(Preset::Default, "|税");
    none.press("<alt-n>");
    assert!(matches!(&none.prose.requests()[..], [Request::Say(_)]));
}

#[test]
fn what_comes_back_from_outside_is_one_step() {
    let mut desk = Desk::new(Preset::Default, "一\n二|二\n三");
    desk.prose.set_marks(vec![Mark {
        paragraph: 2,
        range: 0..3,
        kind: MarkKind::Hint,
        id: String::new(),
        message: String::new(),
    }]);
    desk.prose.rewrite("一\n新\n二二\n三");
    assert_eq!(desk.prose.text(), "一\n新\n二二\n三");
    assert_eq!(desk.prose.marks()[0].paragraph, 3);
    desk.press("<ctrl-z>");
    assert_eq!(desk.shown(), "一\n二|二\n三");
    desk.prose.rewrite("一\n二二\n三");
    assert!(!desk.prose.dirty());
}

#[test]
fn a_note_takes_lines_and_leaves_its_own_keys_to_the_dialog() {
    let mut desk = Desk::new(Preset::Default, "|");
    desk.prose = Prose::note();
    desk.press("第一点 <enter> 第二点 <ctrl-f> <ctrl-e> <ctrl-s>");
    assert_eq!(desk.shown(), "第一点\n第二点|");
    assert_eq!(desk.ignored, [Action::Accept]);
}

#[test]
fn what_follows_an_undo_is_a_step_of_its_own() {
    let mut desk = Desk::new(Preset::Default, "|");
    desk.press("AAA");
    desk.now += Duration::from_secs(2);
    desk.press("B <ctrl-z> C");
    assert_eq!(desk.shown(), "AAAC|");
    desk.press("<ctrl-z>");
    assert_eq!(desk.shown(), "AAA|");
}

#[test]
fn the_page_moves_from_where_the_text_still_is() {
    let mut desk = Desk::new(Preset::Default, &format!("{}|", "一行\n".repeat(300)));
    desk.draw(40, 12);
    // One batch, nothing drawn in between.
    for action in [
        Action::SelectAll,
        Action::DeleteLeft,
        Action::EditorPageDown,
        Action::EditorPageUp,
    ] {
        desk.event(&Event::Action(action));
    }
    assert_eq!(desk.prose.text(), "");
    desk.draw(40, 12);
}

#[test]
fn a_text_and_its_history_have_a_size() {
    let mut desk = Desk::new(Preset::Vim, "|");
    desk.prose.set_text(&"税收\n".repeat(30_000));
    desk.press("V G y");
    desk.press("9999p");
    assert!(desk.prose.buffer.bytes() < 400_000);
    assert!(matches!(&desk.prose.requests()[..], [.., Request::Say(_)]));
    desk.press("i <esc> p");
    let bytes = desk.prose.buffer.bytes();
    assert!(bytes > 400_000, "{bytes}");
    // A counted insertion of a large burst.
    desk.press("9999i");
    desk.event(&Event::Text("收\n".repeat(1_000)));
    desk.press("<esc>");
    assert_eq!(desk.prose.buffer.bytes(), bytes + 4_000);
    // Typing at the limit is refused, taking away is not.
    let mut desk = Desk::new(Preset::Default, "|");
    let line = "a".repeat(1023) + "\n";
    let full = line.repeat(MAX_TEXT / 1024);
    desk.prose.set_text(&full);
    desk.event(&Event::Text("b".to_owned()));
    assert_eq!(desk.prose.buffer.bytes(), MAX_TEXT);
    desk.event(&Event::Action(Action::DeleteRight));
    desk.event(&Event::Text("b".to_owned()));
    assert_eq!(desk.prose.buffer.bytes(), MAX_TEXT);
    assert!(desk.prose.buffer.paragraph(0).starts_with("ba"));
}

#[test]
fn the_history_has_a_size_in_bytes() {
    let mut history = History::default();
    let mut now = Duration::ZERO;
    for _ in 0..40 {
        now += Duration::from_secs(2);
        let edit = Edit {
            at: Pos::default(),
            removed: "x".repeat(4 << 20),
            inserted: String::new(),
        };
        let here = Caret::default();
        history.record(vec![edit], Kind::Command, here, here, now);
    }
    assert_eq!(history.depth(), 15, "64 MB and the overhead");
    // What is typed grows into one edit and does not push the rest out.
    for n in 0..100_000 {
        let edit = Edit {
            at: Pos::new(0, n),
            removed: String::new(),
            inserted: "x".to_owned(),
        };
        let here = Caret::default();
        history.record(vec![edit], Kind::Type, here, here, now);
    }
    assert_eq!(history.depth(), 16);
}
