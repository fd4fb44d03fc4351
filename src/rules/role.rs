//! Roles, what each may do, and which exclude each other.
//!
//! Source: 税总发〔2015〕69号（四）（十三）（十五）; the three administrators: GB/T 22239-2019 8.1.5.

use super::codes::codes;

codes! {
/// What a person is to the board (seed 四: office, departments, hired, outsourced), plus programs.
Affiliation {
    /// 办公室
    Office = "office",
    /// 业务部门及所属单位
    Department = "department",
    /// 外聘人员
    Hired = "hired",
    /// 外包服务人员: may collect and edit, never decide (A15.5)
    Outsourced = "outsourced",
    /// A program that acts on a schedule, such as the runner
    Service = "service",
}}

codes! {
/// The part a person plays, granted by two people for a time and a place.
Role {
    /// 信息员
    Contributor = "contributor",
    /// 编辑
    Editor = "editor",
    /// 校对
    Proofreader = "proofreader",
    /// 初审
    FirstReviewer = "first-reviewer",
    /// 复审
    SecondReviewer = "second-reviewer",
    /// 终审签发
    Signer = "signer",
    /// 保密审查员
    ConfidentialityReviewer = "confidentiality-reviewer",
    /// 互动专员
    InteractionOfficer = "interaction-officer",
    /// 稽查检举专员
    InspectionOfficer = "inspection-officer",
    /// 纪检举报专员
    DisciplineOfficer = "discipline-officer",
    /// 编辑部负责人: exactly one at any time, from the office (A4.4)
    BoardHead = "board-head",
    /// 办公室主管
    OfficeDirector = "office-director",
    /// 系统管理员
    SystemAdmin = "system-admin",
    /// 安全管理员
    SecurityAdmin = "security-admin",
    /// 审计管理员
    AuditAdmin = "audit-admin",
    /// 局领导
    BureauLeader = "bureau-leader",
    /// 外包采编
    OutsourcedWriter = "outsourced-writer",
    /// 外包运维
    OutsourcedOps = "outsourced-ops",
    /// 发布程序: the due-work runner's own identity
    Runner = "runner",
}}

/// A thing one may be allowed to do. Rights are never granted, only roles are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// See every item in scope, at every stage
    View,
    /// Create, revise, attach, submit
    Draft,
    /// Write a comment on an item one can see
    Comment,
    /// Reject (筛除) or discard raw items, take over a claim
    Select,
    /// Set and cancel publication times, publish by hand, unlock what is signed off
    Release,
    /// Start a correction of a published item
    Correct,
    /// Take a published item down
    Withdraw,
    /// Bureaus, sites, columns, routes
    ManageOrg,
    /// Persons; propose and confirm grants, keys
    ManagePeople,
    /// Propose and confirm the destruction of a leaked text
    Purge,
    /// Propose and confirm the board's own lists: words, names, sources
    KeepLists,
    /// Read the journal of all people
    ReadJournal,
    /// Export the publication log
    ExportPublications,
    /// Export the audit trail
    ExportAudit,
    /// Publish and expire what is due
    Run,
}

impl Role {
    /// What the role may do in its scope.
    pub fn rights(self) -> &'static [Right] {
        use Right::{
            Comment, Correct, Draft, ExportAudit, ExportPublications, KeepLists, ManageOrg,
            ManagePeople, Purge, ReadJournal, Release, Run, Select, View, Withdraw,
        };
        match self {
            Role::Contributor | Role::OutsourcedWriter => &[Draft],
            Role::Editor => &[View, Draft, Comment, Select, Correct],
            Role::Proofreader | Role::FirstReviewer => &[View, Draft, Comment],
            Role::SecondReviewer => &[View, Draft, Comment, KeepLists],
            Role::Signer => &[View, Comment, Release, Correct, Withdraw, KeepLists],
            Role::ConfidentialityReviewer => &[View, Comment, KeepLists],
            Role::BureauLeader => &[View, Comment],
            Role::BoardHead => &[
                View,
                Comment,
                Select,
                Release,
                Correct,
                Withdraw,
                KeepLists,
                ExportPublications,
            ],
            Role::OfficeDirector => &[
                View,
                Comment,
                Withdraw,
                ManageOrg,
                ManagePeople,
                Purge,
                ExportPublications,
                ExportAudit,
            ],
            Role::SystemAdmin => &[ManageOrg, ExportPublications],
            Role::SecurityAdmin => &[ManagePeople, Purge, ReadJournal],
            Role::AuditAdmin => &[View, ReadJournal, ExportPublications, ExportAudit],
            Role::Runner => &[Run],
            Role::InteractionOfficer
            | Role::InspectionOfficer
            | Role::DisciplineOfficer
            | Role::OutsourcedOps => &[],
        }
    }

    /// The three administrators (三员) hold no content rights and exclude each other.
    pub fn is_administrator(self) -> bool {
        matches!(
            self,
            Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin
        )
    }

    /// Roles that write, review, clear, sign off or release content.
    pub fn is_content(self) -> bool {
        matches!(
            self,
            Role::Contributor
                | Role::Editor
                | Role::Proofreader
                | Role::FirstReviewer
                | Role::SecondReviewer
                | Role::Signer
                | Role::ConfidentialityReviewer
                | Role::BoardHead
                | Role::OutsourcedWriter
                | Role::InteractionOfficer
                | Role::InspectionOfficer
                | Role::DisciplineOfficer
        )
    }

    /// Whether one person may hold both roles at once.
    pub fn compatible(self, other: Role) -> bool {
        if self == other {
            return true;
        }
        let excluded = |a: Role, b: Role| {
            a.is_administrator()
                && (b.is_administrator() || b.is_content() || b == Role::OfficeDirector)
        };
        !(excluded(self, other)
            || excluded(other, self)
            || self == Role::Runner
            || other == Role::Runner)
    }

    /// Whether a person of this affiliation may hold the role. Outsourced people get the two
    /// outsourced roles and nothing else (A15.5); the board's head comes from the office (A4.4).
    pub fn open_to(self, affiliation: Affiliation) -> bool {
        match affiliation {
            Affiliation::Outsourced => matches!(self, Role::OutsourcedWriter | Role::OutsourcedOps),
            Affiliation::Service => self == Role::Runner,
            Affiliation::Office => !matches!(
                self,
                Role::OutsourcedWriter | Role::OutsourcedOps | Role::Runner
            ),
            Affiliation::Department | Affiliation::Hired => !matches!(
                self,
                Role::OutsourcedWriter
                    | Role::OutsourcedOps
                    | Role::Runner
                    | Role::BoardHead
                    | Role::OfficeDirector
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn administrators_exclude_each_other_and_hold_no_content_right() {
        for a in Role::ALL.iter().filter(|r| r.is_administrator()) {
            for b in Role::ALL {
                if a != b && (b.is_administrator() || b.is_content()) {
                    assert!(!a.compatible(*b), "{a:?} with {b:?}");
                    assert!(!b.compatible(*a), "{b:?} with {a:?}");
                }
            }
            for right in [
                Right::Draft,
                Right::Release,
                Right::Correct,
                Right::Withdraw,
                Right::Select,
            ] {
                assert!(!a.rights().contains(&right), "{a:?} may {right:?}");
            }
        }
    }

    #[test]
    fn outsourced_people_only_get_outsourced_roles() {
        let open: Vec<_> = Role::ALL
            .iter()
            .filter(|r| r.open_to(Affiliation::Outsourced))
            .collect();
        assert_eq!(open, [&Role::OutsourcedWriter, &Role::OutsourcedOps]);
    }

    #[test]
    fn codes_round_trip() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.code()), Some(*role));
        }
    }
}
