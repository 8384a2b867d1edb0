//! Which servers take the place of those whose credentials run out?
//!
//! An application fetches credentials anew while a call lasts, hands them to its browser (`setConfiguration`, RFC 9429 §4.1.18)
//! and restarts ICE where the call needs them. So does a session: what it allocates from then on asks the fresh servers, and a
//! call that goes through a former one moves away from it. Whom to ask for them, and when, is the world's business.

use super::Session;
use crate::ice::{IceServer, RelayAccess};
use crate::machine::{OfferedServer, RenewedServers};
use crate::model::{ConfigurationFact, Fact, ServerUri};
use crate::probe::{Plan, Planned};
use crate::turn::Credentials;
use std::net::SocketAddr;

/// Takes them in the place of the former ones.
pub(super) fn renew(session: &mut Session, renewed: RenewedServers) {
    let RenewedServers { source, former, servers, life_s, unix_now } = renewed;
    let plan = &mut session.config.plan;
    plan.unix_now = unix_now;
    plan.servers.retain(|known| !former.contains(&known.target));
    let mut located = Vec::new();
    let mut uris = Vec::new();
    for (server, addresses) in servers {
        let planned = planned(server);
        uris.push(ServerUri::from(&planned.target));
        located.extend(addresses.into_iter().map(|address| ice_server(plan, &planned, address)));
        plan.servers.push(planned);
    }
    let now = session.now;
    let restarts = match session.agent {
        Some(_) => session.with_agent(|agent| agent.renew_servers(now, &former, located)).unwrap_or(false),
        None => {
            session.located.retain(|known| !former.iter().any(|target| known.uri.is(target)));
            session.located.extend(located);
            false
        }
    };
    let renewed = ConfigurationFact::SourceRenewed { target: source, servers: uris, life_s, restarts };
    session.observe(Fact::Configuration(renewed));
}

/// A server that is offered, to be asked.
pub(super) fn planned(OfferedServer { server, login }: OfferedServer) -> Planned {
    let credentials = login.map(|(username, password)| Credentials::LongTerm { username, password });
    Planned { target: server, credentials }
}

/// A server of the plan at one of its addresses.
pub(super) fn ice_server(plan: &Plan, planned: &Planned, server: SocketAddr) -> IceServer {
    let Planned { target, credentials } = planned;
    let (insecure, unix_now) = (plan.insecure, plan.unix_now);
    let relaying = target.scheme.relays().then(|| RelayAccess { credentials: credentials.clone(), insecure, unix_now });
    let (uri, transport, server_name) = (ServerUri::from(target), target.transport, target.host.clone());
    IceServer { uri, server, transport, server_name, relaying }
}
