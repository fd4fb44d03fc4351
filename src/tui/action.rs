//! Everything a key, the palette or a click can ask for, by name.
//!
//! One table gives each action its variant, its name in keymap files and the context it belongs
//! to; its description is the message `tui-action-<name>`. Help, footer, palette and
//! `docs/keys.md` are all read from here, so they cannot drift apart.

/// Where a binding holds. Lookups go from the innermost context of the focus to [`Context::Global`].
macro_rules! contexts {
    ($($variant:ident $name:literal $text_input:literal),+ $(,)?) => {
        /// Where a binding holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Context { $(#[doc = concat!("`[", $name, "]` in keymap files.")] $variant),+ }

        impl Context {
            /// Every context, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its table name in keymap files; its title is the message `tui-context-<name>`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// Whether plain characters are text here, so that no binding may take one away.
            pub const fn text_input(self) -> bool {
                match self { $(Self::$variant => $text_input),+ }
            }
        }
    };
}

contexts! {
    Global "global" false,
    List "list" false,
    View "view" false,
    Passage "passage" false,
    Desk "desk" false,
    Items "items" false,
    Item "item" false,
    Queue "queue" false,
    Diff "diff" false,
    History "history" false,
    Schedule "schedule" false,
    Sites "sites" false,
    Route "route" false,
    Bundles "bundles" false,
    Settings "settings" false,
    Import "import" false,
    People "people" false,
    Journal "journal" false,
    Editor "editor" true,
    EditorNormal "editor-normal" false,
    EditorVisual "editor-visual" false,
    EditorPending "editor-pending" false,
    FindPanel "find-panel" true,
    Note "note" true,
    Fields "fields" false,
    Form "form" false,
    Field "field" true,
    Dialog "dialog" false,
    Palette "palette" true,
    Help "help" true,
}

impl Context {
    /// The context of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.name() == name)
    }
}

macro_rules! actions {
    ($($context:ident { $($variant:ident $name:literal),+ $(,)? })+) => {
        /// A named thing the console can be asked to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $($(#[doc = concat!("`", $name, "` in keymap files.")] $variant),+),+ }

        impl Action {
            /// Every action, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$($(Self::$variant),+),+];

            /// Its name in keymap files.
            pub const fn name(self) -> &'static str {
                match self { $($(Self::$variant => $name),+),+ }
            }

            /// The context it belongs to; where help lists it.
            pub const fn context(self) -> Context {
                match self { $($(Self::$variant => Context::$context),+),+ }
            }
        }
    };
}

actions! {
    Global {
        Quit "quit", Help "help", Palette "palette", Back "back", Forward "forward", Redraw "redraw", CancelTask "cancel-task",
        ChangePerson "change-person", NextTheme "next-theme", NextLanguage "next-language",
        GoDesk "go-desk", GoItems "go-items", GoQueue "go-queue", GoSchedule "go-schedule",
        GoPeople "go-people", GoJournal "go-journal", GoSites "go-sites", GoBundles "go-bundles",
        GoSettings "go-settings", ImportFiles "import-files",
        NextTab "next-tab", PreviousTab "previous-tab", FocusNext "focus-next", FocusPrevious "focus-previous",
        Suspend "suspend", ToggleMouse "toggle-mouse",
    }
    List {
        Next "next", Previous "previous", First "first", Last "last", PageDown "page-down", PageUp "page-up",
        Open "open", ToggleMark "toggle-mark", MarkAll "mark-all", ClearMarks "clear-marks", Search "search",
        Filter "filter", SortBy "sort-by", Refresh "refresh",
    }
    View {
        ScrollDown "scroll-down", ScrollUp "scroll-up", NextMatch "next-match", PreviousMatch "previous-match",
        CopyText "copy-text", StartPassage "start-passage",
        NextComment "next-comment", PreviousComment "previous-comment",
        ReplyComment "reply-comment", SettleComment "settle-comment", ToggleSource "toggle-source",
    }
    Passage {
        NextSentence "next-sentence", PreviousSentence "previous-sentence",
    }
    Items {
        NewItem "new-item", InvertMarks "invert-marks", MarkRange "mark-range", RemoveFilter "remove-filter",
        SavedViews "saved-views", AddToBundle "add-to-bundle",
    }
    Item {
        EditBody "edit-body", EditFields "edit-fields", Submit "submit", Recall "recall", ScheduleItem "schedule-item",
        PublishNow "publish-now", Correct "correct", Withdraw "withdraw", ShowHistory "show-history",
        ShowDiff "show-diff", ShowRecord "show-record", Preview "preview", AddComment "add-comment",
        TakeOver "take-over", Attachments "attachments",
        AttachFile "attach-file", Discard "discard", RestoreItem "restore-item", UnlockItem "unlock",
        PrintForm "print-form", ShowFields "show-fields", ShowBody "show-body",
        ShowComments "show-comments", ShowLinks "show-links", ShowCustody "show-custody", ShowFindings "show-findings",
        WaiveFinding "waive-finding", UnwaiveFinding "unwaive-finding",
        ExportAttachment "export-attachment", ReplaceAttachment "replace-attachment",
        StripAttachment "strip-attachment",
        DeclareEmergency "declare-emergency", RelateItem "relate-item",
        UnrelateItem "unrelate-item", MarkValidity "mark-validity",
        ShareItem "share-item", SettleFlag "settle-flag", NewVersion "new-version", RecordPosting "record-posting",
        ShowOutgoing "show-outgoing", ProposePurge "propose-purge",
    }
    Queue {
        Approve "approve", ReturnItem "return-item", Reject "reject", Skip "skip", Clear "clear", SignOff "sign-off",
        PreviousItem "previous-item",
    }
    Diff {
        NextChange "next-change", PreviousChange "previous-change",
        ToggleFold "toggle-fold", UnfoldOne "unfold-one", MoreContext "more-context", LessContext "less-context",
        ToggleSides "toggle-sides", ToggleMarks "toggle-marks",
    }
    History {
        CompareWith "compare-with", RestoreRevision "restore-revision",
    }
    Schedule {
        NextDay "next-day", PreviousDay "previous-day", NextPeriod "next-period", PreviousPeriod "previous-period",
        Today "today", CycleView "cycle-view", GoDate "go-date", MoveItem "move-item", Unschedule "unschedule",
    }
    Sites {
        ToggleNode "toggle-node", ExpandAll "expand-all", AddSite "add-site", SiteCondition "site-condition", AddColumn "add-column",
        AddBureau "add-bureau", MergeColumn "merge-column", CloseColumn "close-column", SetRoute "set-route",
        ShowItems "show-items",
    }
    Route {
        AddStep "add-step", RemoveStep "remove-step", StepUp "step-up", StepDown "step-down",
        InheritRoute "inherit-route",
    }
    Bundles {
        NewBundle "new-bundle", AddMember "add-member", RemoveMember "remove-member",
    }
    Settings {
        NextValue "next-value", PreviousValue "previous-value", ResetValue "reset-value",
    }
    Import {
        ChooseFiles "choose-files", ImportOptions "import-options", StartImport "start-import",
    }
    People {
        ConfirmProposal "confirm-proposal", DeclineProposal "decline-proposal", AddPerson "add-person",
        ProposeGrant "propose-grant", RevokeGrant "revoke-grant", ProposeKey "propose-key", RevokeKey "revoke-key",
        PersonLeaves "person-leaves", ProposeList "propose-list",
    }
    Journal {
        Verify "verify", Checkpoint "checkpoint", GoEntry "go-entry", ExportFile "export-file",
    }
    Editor {
        Save "save", Close "close", Undo "undo", Redo "redo", Cut "cut", Copy "copy", PasteText "paste-text",
        SelectAll "select-all", StartSelection "start-selection", CancelSelection "cancel-selection",
        MoveLeft "move-left", MoveRight "move-right", MoveUp "move-up", MoveDown "move-down",
        MoveWordLeft "move-word-left", MoveWordRight "move-word-right",
        MoveRowStart "move-row-start", MoveRowEnd "move-row-end",
        MoveParagraphUp "move-paragraph-up", MoveParagraphDown "move-paragraph-down",
        MoveWordEnd "move-word-end",
        MoveClauseLeft "move-clause-left", MoveClauseRight "move-clause-right", MoveClauseEnd "move-clause-end",
        MoveParagraphStart "move-paragraph-start", MoveParagraphEnd "move-paragraph-end",
        MoveFirstLetter "move-first-letter", MovePair "move-pair",
        MoveSentenceLeft "move-sentence-left", MoveSentenceRight "move-sentence-right",
        MoveStart "move-start", MoveEnd "move-end", EditorPageUp "editor-page-up", EditorPageDown "editor-page-down",
        HalfPageUp "half-page-up", HalfPageDown "half-page-down", GotoParagraph "goto-paragraph",
        SelectLeft "select-left", SelectRight "select-right", SelectUp "select-up", SelectDown "select-down",
        SelectWordLeft "select-word-left", SelectWordRight "select-word-right",
        SelectRowStart "select-row-start", SelectRowEnd "select-row-end",
        SelectSentenceLeft "select-sentence-left", SelectSentenceRight "select-sentence-right",
        SelectParagraphUp "select-paragraph-up", SelectParagraphDown "select-paragraph-down",
        SelectStart "select-start", SelectEnd "select-end",
        SelectPageUp "select-page-up", SelectPageDown "select-page-down", SelectPair "select-pair",
        SelectWord "select-word", SelectSentence "select-sentence", SelectParagraph "select-paragraph",
        SwapSelection "swap-selection",
        DeleteLeft "delete-left", DeleteRight "delete-right",
        DeleteWordLeft "delete-word-left", DeleteWordRight "delete-word-right",
        DeleteSentenceLeft "delete-sentence-left", DeleteSentenceRight "delete-sentence-right",
        DeleteToRowEnd "delete-to-row-end", DeleteToRowStart "delete-to-row-start",
        DeleteToParagraphEnd "delete-to-paragraph-end", DeleteParagraph "delete-paragraph",
        KillToRowEnd "kill-to-row-end", KillWordLeft "kill-word-left", KillWordRight "kill-word-right",
        KillSentence "kill-sentence", PasteOlder "paste-older",
        NewLine "new-line", Transpose "transpose", JoinParagraphs "join-paragraphs",
        ShiftParagraphUp "shift-paragraph-up", ShiftParagraphDown "shift-paragraph-down",
        DuplicateParagraph "duplicate-paragraph", Indent "indent", Outdent "outdent",
        HeadingDeeper "heading-deeper", HeadingHigher "heading-higher",
        ToggleList "toggle-list", ToggleQuote "toggle-quote",
        SurroundQuotes "surround-quotes", SurroundTitle "surround-title", SurroundParentheses "surround-parentheses",
        Find "find", FindBackward "find-backward", FindReplace "find-replace", FindWord "find-word",
        FindNext "find-next", FindPrevious "find-previous",
        NextFinding "next-finding", PreviousFinding "previous-finding",
        ExternalEditor "external-editor", TogglePreview "toggle-preview",
    }
    EditorNormal {
        InsertMode "insert-mode", InsertAfter "insert-after", InsertRowStart "insert-row-start",
        InsertRowEnd "insert-row-end", OpenBelow "open-below", OpenAbove "open-above", NormalMode "normal-mode",
        VisualMode "visual-mode", VisualLineMode "visual-line-mode", CountZero "count-zero",
        OperatorDelete "operator-delete", OperatorChange "operator-change", OperatorYank "operator-yank",
        OperatorIndent "operator-indent", OperatorOutdent "operator-outdent",
        FindCharacter "find-character", FindCharacterBack "find-character-back",
        TillCharacter "till-character", TillCharacterBack "till-character-back",
        RepeatFind "repeat-find", RepeatFindBack "repeat-find-back",
        ReplaceCharacter "replace-character", SubstituteCharacter "substitute-character",
        SubstituteParagraph "substitute-paragraph", ChangeToParagraphEnd "change-to-paragraph-end",
        YankParagraph "yank-paragraph", ToggleCase "toggle-case",
        PasteAfter "paste-after", PasteBefore "paste-before", PickRegister "pick-register",
        RepeatChange "repeat-change", CommandLine "command-line", SaveAndClose "save-and-close",
    }
    EditorPending {
        InnerObject "inner-object", AroundObject "around-object",
    }
    FindPanel {
        ToggleRegex "toggle-regex", ToggleWidth "toggle-width", ToggleWithin "toggle-within",
        ReplaceOne "replace-one", ReplaceAll "replace-all",
    }
    Form {
        NextField "next-field", PreviousField "previous-field", SubmitForm "submit-form", PickValue "pick-value",
        ClearField "clear-field",
    }
    Dialog {
        Accept "accept", Cancel "cancel", Yes "yes", No "no",
    }
}

impl Action {
    /// The action of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|a| a.name() == name)
    }

    /// What it does, in the language in force.
    pub fn describe(self) -> String {
        crate::locale::by_id(&format!("tui-action-{}", self.name()), &[])
    }
}

impl Context {
    /// Its title, in the language in force.
    pub fn title(self) -> String {
        crate::locale::by_id(&format!("tui-context-{}", self.name()), &[])
    }
}

macro_rules! flags {
    ($($variant:ident $name:literal),+ $(,)?) => {
        /// A fact about the focused component that a binding may depend on (`when = "…"`).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Flag { $(#[doc = concat!("`", $name, "` in keymap files.")] $variant),+ }

        impl Flag {
            /// Every flag.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in keymap files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The flag of that name.
            pub fn by_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|f| f.name() == name)
            }
        }
    };
}

flags! {
    TextInput "text-input",
    HasRow "has-row",
    HasMarks "has-marks",
    HasSelection "has-selection",
    Modified "modified",
    TaskRunning "task-running",
    CanGoBack "can-go-back",
    Counting "counting",
}
