//! Who controls, and what happens when both ends think they do (RFC 8445 §7.3.1.1, §7.2.5.1).

use super::check::CheckAttributes;
use crate::machine::Instant;
use crate::model::{Role, RoleDispute};

/// Two honest ends need one switch; an end that goes on is at fault or malicious.
const MOST_SWITCHES: u32 = 2;

/// Who is to give way in a role conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conflict {
    /// The roles fit.
    None,
    /// We take the other role.
    Ours,
    /// The peer does, told by a 487.
    Theirs,
}

/// Our role in a session.
pub(super) struct RoleState {
    role: Role,
    tie_breaker: u64,
    switches: u32,
    refused: Option<Refused>,
}

/// Checks of the peer's that were answered with 487.
#[derive(Clone, Copy)]
struct Refused {
    count: u32,
    since: Instant,
    /// A check with the other role came after the latest of them.
    is_settled: bool,
}

impl RoleState {
    pub(super) fn new(role: Role, tie_breaker: u64) -> Self {
        Self { role, tie_breaker, switches: 0, refused: None }
    }

    /// The same role and tie-breaker, after an ICE restart.
    pub(super) fn restarted(self) -> Self {
        Self { switches: 0, refused: None, ..self }
    }

    pub(super) fn role(&self) -> Role {
        self.role
    }

    pub(super) fn tie_breaker(&self) -> u64 {
        self.tie_breaker
    }

    pub(super) fn controls(&self) -> bool {
        self.role == Role::Controlling
    }

    /// Compares our role with that in a check of the peer's: the larger tie-breaker controls.
    pub(super) fn compare(&self, attributes: CheckAttributes) -> Conflict {
        if attributes.role != self.role {
            return Conflict::None;
        }
        let ours_is_larger = self.tie_breaker >= attributes.tie_breaker;
        if self.controls() == ours_is_larger { Conflict::Theirs } else { Conflict::Ours }
    }

    /// A check of the peer's is refused for its role.
    pub(super) fn refuse(&mut self, now: Instant) {
        let before = self.refused.unwrap_or(Refused { count: 0, since: now, is_settled: false });
        self.refused = Some(Refused { count: before.count.saturating_add(1), is_settled: false, ..before });
    }

    /// A check of the peer's has the role that is left to it.
    pub(super) fn settle(&mut self) {
        if let Some(refused) = &mut self.refused {
            refused.is_settled = true;
        }
    }

    /// What became by `now` of checks that were refused for their role; None where none was.
    pub(super) fn dispute(&self, now: Instant) -> Option<RoleDispute> {
        self.refused.map(|Refused { count, since, is_settled }| RoleDispute {
            role: self.role,
            refused: count,
            settled: is_settled,
            lasted_ms: now.since(since).into(),
        })
    }

    /// Takes the role that the two descriptions leave to this end, before anything is checked.
    pub(super) fn assume(&mut self, role: Role) {
        self.role = role;
    }

    /// Takes a role; true where it is another one. At most twice in a session.
    pub(super) fn switch(&mut self, role: Role) -> bool {
        let may_switch = self.role != role && self.switches < MOST_SWITCHES;
        if may_switch {
            self.switches += 1;
            self.role = role;
        }
        may_switch
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Millis;

    fn check(role: Role, tie_breaker: u64) -> CheckAttributes {
        CheckAttributes { priority: 1, role, tie_breaker, nominates: false }
    }

    #[test]
    fn of_two_ends_with_one_role_exactly_one_gives_way() {
        for role in [Role::Controlling, Role::Controlled] {
            let (ours, theirs) = (RoleState::new(role, 7), RoleState::new(role, 3));
            let here = ours.compare(check(role, theirs.tie_breaker()));
            let there = theirs.compare(check(role, ours.tie_breaker()));
            assert_ne!(here, there, "{role:?}");
            assert!(here != Conflict::None && there != Conflict::None, "{role:?}");
        }
    }

    #[test]
    fn whether_the_peer_has_given_way_is_known_by_its_latest_check() {
        let at = |ms| Instant::after_start(std::time::Duration::from_millis(ms));
        let mut roles = RoleState::new(Role::Controlling, 7);
        assert_eq!(roles.dispute(at(1)), None);
        roles.refuse(at(10));
        roles.refuse(at(20));
        let dispute = roles.dispute(at(3010)).expect("a dispute");
        assert_eq!((dispute.refused, dispute.settled, dispute.lasted_ms), (2, false, Millis(3000.0)));
        roles.settle();
        assert!(roles.dispute(at(3010)).is_some_and(|dispute| dispute.settled));
        roles.refuse(at(30));
        assert!(roles.dispute(at(3010)).is_some_and(|dispute| !dispute.settled), "it has taken it up again");
    }

    #[test]
    fn an_end_that_never_settles_is_not_followed_for_ever() {
        let mut roles = RoleState::new(Role::Controlling, 7);
        let switched = (0..10).filter(|_| roles.switch(roles.role().other())).count();
        assert_eq!(switched, 2);
    }
}
