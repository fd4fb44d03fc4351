//! Bureaus, sites, columns, routes.

use super::{Desk, Note, Result};
use crate::rules::act::{Act, BureauAdd, ColumnAdd, ColumnEnd, RouteSet, SiteAdd};
use crate::rules::route::Route;
use crate::store::Receipt;

impl Desk {
    /// Registers a bureau or department.
    pub fn bureau_add(&mut self, bureau: BureauAdd) -> Result<Receipt> {
        self.act(None, &Act::BureauAdd(bureau), &[])
    }

    /// Registers a platform or subsite (A2.1–A2.3).
    pub fn site_add(&mut self, site: SiteAdd) -> Result<Receipt> {
        self.act(None, &Act::SiteAdd(site), &[])
    }

    /// Opens a column (A0.1, A1.3, A1.5, A2.4). The note is the reason of an owner waiver.
    pub fn column_add(&mut self, column: ColumnAdd, note: &Note) -> Result<Receipt> {
        let bodies = self.note_bodies(note)?;
        self.act(None, &Act::ColumnAdd(column), &bodies)
    }

    /// Merges a column into another; all its items go along (A5.9).
    pub fn column_merge(&mut self, column: &str, into: &str, reason: &Note) -> Result<Receipt> {
        let end = ColumnEnd {
            column: column.to_owned(),
            into: into.to_owned(),
        };
        let bodies = self.note_bodies(reason)?;
        self.act(None, &Act::ColumnMerge(end), &bodies)
    }

    /// Closes a column; every item of it gets a destination (A5.9).
    pub fn column_close(&mut self, column: &str, into: &str, reason: &Note) -> Result<Receipt> {
        let end = ColumnEnd {
            column: column.to_owned(),
            into: into.to_owned(),
        };
        let bodies = self.note_bodies(reason)?;
        self.act(None, &Act::ColumnClose(end), &bodies)
    }

    /// Sets the route of a site or column, or takes its own away so that it inherits again.
    /// Running items are held, never approved.
    pub fn route_set(&mut self, node: &str, steps: Option<Route>) -> Result<Receipt> {
        self.act(
            None,
            &Act::RouteSet(RouteSet {
                node: node.to_owned(),
                steps,
            }),
            &[],
        )
    }
}
