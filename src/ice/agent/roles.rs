//! Who controls, and what happens when both ends think they do (RFC 8445 §7.3.1.1, §7.2.5.1).

use super::Agent;
use crate::ice::check::Said;
use crate::model::{Fact, Role};

/// Two honest ends need one; an end that goes on is at fault or malicious.
const MOST_SWITCHES: u32 = 2;

impl Agent {
    /// Compares roles with a check that came in: false where the peer must switch (487).
    pub(super) fn settle_roles(&mut self, said: Said) -> bool {
        if said.role != self.role {
            return true;
        }
        let ours_is_larger = self.tie_breaker >= said.tie_breaker;
        // The larger tie-breaker controls.
        if (self.role == Role::Controlling) == ours_is_larger {
            return false;
        }
        self.switch(self.role.other());
        true
    }

    /// Takes a role, at most twice in a session.
    pub(super) fn switch(&mut self, role: Role) {
        if self.role == role || self.switches >= MOST_SWITCHES {
            return;
        }
        self.switches += 1;
        self.role = role;
        for pair in self.checklist.pairs.iter_mut().filter(|pair| !pair.nominated) {
            pair.nominating = false;
        }
        self.tell(Fact::RoleSwitched { role });
    }
}
