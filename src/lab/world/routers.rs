//! What does a simulated host know of its interfaces, and of the router of its site?

use super::World;
use crate::lab::host::interfaces;
use crate::lab::network::HostId;
use crate::model::Interface;

impl World {
    /// Lets the other hosts of its site know this host as their router. It is asked as such; packets go their way as before.
    pub fn default_gateway(&mut self, router: HostId) {
        let region = self.network.region(router);
        self.routers.extend(self.network.addresses(router).first().map(|address| (region, *address)));
    }

    /// The interfaces of a host, with the gateway that it knows, if it knows one.
    pub(super) fn interfaces_of(&self, host: HostId) -> Vec<Interface> {
        let addresses = self.network.addresses(host);
        let gateway = self.routers.get(&self.network.region(host)).filter(|router| !addresses.contains(router));
        interfaces(addresses, gateway.copied())
    }
}
