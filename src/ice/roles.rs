//! Who controls, and what happens when both ends think they do (RFC 8445 §7.3.1.1, §7.2.5.1).

use super::check::CheckAttributes;
use crate::model::Role;

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
}

impl RoleState {
    pub(super) fn new(role: Role, tie_breaker: u64) -> Self {
        Self { role, tie_breaker, switches: 0 }
    }

    /// The same role and tie-breaker, after an ICE restart.
    pub(super) fn restarted(self) -> Self {
        Self { switches: 0, ..self }
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
    fn an_end_that_never_settles_is_not_followed_for_ever() {
        let mut roles = RoleState::new(Role::Controlling, 7);
        let switched = (0..10).filter(|_| roles.switch(roles.role().other())).count();
        assert_eq!(switched, 2);
    }
}
