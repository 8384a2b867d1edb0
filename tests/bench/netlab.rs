//! How much does the gateway of the lab for real programs carry, what does that cost, and how much later does a packet
//! arrive than over a pair of veth devices? (`cargo bench --bench netlab`, as root, with iproute2)
//!
//! Two hosts with a NAT and a link without delay between them. It fails below 200 Mbit/s of UDP on one core, or where
//! 0.2 ms or more are added on a packet's way.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints and fails by panicking"
)]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

#[cfg(target_os = "linux")]
fn main() {
    linux::main();
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("the lab for real programs needs Linux");
}

#[cfg(target_os = "linux")]
mod linux {
    use rtc_doctor::lab::{Gateway, NatConfig, Network, Zones};
    use rtc_doctor::machine::Rng;
    use rtc_doctor::model::Behaviour;
    use rtc_doctor::netlab::{HostSpec, Netlab, NetlabPlan, THREAD};
    use std::fs;
    use std::net::{IpAddr, UdpSocket};
    use std::process::Command;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::{Duration, Instant};

    const CLIENT: &str = "192.168.1.2";
    const SERVER: &str = "203.0.113.10";
    /// The ends of the veth pair (RFC 2544 §C.2.2).
    const NEAR: &str = "198.18.0.1";
    const FAR: &str = "198.18.0.2";
    /// As a packet of video has it.
    const PAYLOAD_BYTES: usize = 1200;
    /// With the headers of UDP and IPv4.
    const PACKET_BYTES: usize = PAYLOAD_BYTES + 28;
    const RUN: Duration = Duration::from_secs(3);
    const ECHOES: usize = 3000;

    const LEAST_MBPS: f64 = 200.0;
    const MOST_ADDED_MS: f64 = 0.2;

    pub(crate) fn main() {
        if let Err(error) = rtc_doctor::netlab::acquire() {
            println!("cannot run: {error}");
            std::process::exit(1);
        }
        let netlab = home();
        let inside = |host, address| socket(&netlab, host, address);
        // First of all: from here on the gateway is known to be at work.
        let ours = echoes(&inside("laptop", CLIENT), inside("server", SERVER));
        println!("offered Mbit/s   received Mbit/s   lost %   gateway % of a core");
        let (mut most, mut a_core) = (0.0_f64, 0.0_f64);
        for offered in [200.0, 400.0, 800.0, 1600.0, 3200.0] {
            let ends = (inside("laptop", CLIENT), inside("server", SERVER));
            let busy = gateway_time();
            let (received, lost) = throughput(&ends.0, ends.1, offered);
            let share = (gateway_time() - busy).as_secs_f64() / RUN.as_secs_f64() * 100.0;
            println!("{offered:14.0}   {received:15.0}   {lost:6.2}   {share:19.0}");
            // The sender and the receiver need cores too: what one core of the gateway's own carries is reckoned.
            a_core = a_core.max(received / share.max(1.0) * 100.0);
            most = most.max(received);
        }
        println!("seen: {most:.0} Mbit/s; a whole core of its own would carry {a_core:.0}");

        let plain = veth(&netlab);
        println!("there and back, ms      median     99 %");
        println!("through the gateway   {:8.4} {:8.4}", ours.0, ours.1);
        println!("over a veth pair      {:8.4} {:8.4}", plain.0, plain.1);
        let added = (ours.0 - plain.0) / 2.0;
        println!("added each way, ms    {added:8.4} {:8.4}", (ours.1 - plain.1) / 2.0);
        if most < LEAST_MBPS || added >= MOST_ADDED_MS {
            println!("too slow: at least {LEAST_MBPS} Mbit/s and less than {MOST_ADDED_MS} ms are asked for");
            std::process::exit(1);
        }
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn home() -> Netlab {
        let mut network = Network::new(Rng::numbered(1));
        let (mapping, filtering) = (Behaviour::EndpointIndependent, Behaviour::AddressAndPortDependent);
        let gateway = Gateway::nat(NatConfig::new(mapping, filtering, ip("198.51.100.1")));
        let site = network.site(network.internet(), gateway);
        let laptop = network.host(site, vec![ip(CLIENT)]);
        let server = network.host(network.internet(), vec![ip(SERVER)]);
        let specs =
            vec![HostSpec::new("laptop", laptop, vec![ip(CLIENT)]), HostSpec::new("server", server, vec![ip(SERVER)])];
        let plan = NetlabPlan { network, specs, names: Zones::default(), changes: Vec::new() };
        Netlab::set_up(plan, &mut Rng::numbered(2)).expect("the lab is set up")
    }

    fn socket(netlab: &Netlab, host: &str, address: &str) -> UdpSocket {
        let host = netlab.host(host).expect("a host");
        host.inside(|| UdpSocket::bind((address, 0))).expect("inside").expect("a socket")
    }

    /// For how long the gateway's thread has run, to a hundredth of a second (proc_pid_stat(5), fields 14 and 15).
    fn gateway_time() -> Duration {
        let tasks = fs::read_dir("/proc/self/task").expect("this process's threads");
        let of = |task: fs::DirEntry| {
            let name = fs::read_to_string(task.path().join("comm")).ok()?;
            let stat = fs::read_to_string(task.path().join("stat")).ok()?;
            let ticks: u64 =
                stat.rsplit_once(')')?.1.split_whitespace().skip(11).take(2).flat_map(str::parse::<u64>).sum();
            (name.trim() == THREAD).then_some(ticks)
        };
        Duration::from_millis(10 * tasks.flatten().find_map(of).expect("the gateway's thread"))
    }

    /// Sends at this rate for the time of a run: Mbit/s that arrived, and the share that did not, in per cent.
    fn throughput(from: &UdpSocket, to: UdpSocket, mbps: f64) -> (f64, f64) {
        from.connect(to.local_addr().expect("an address")).expect("connected");
        to.set_read_timeout(Some(Duration::from_millis(100))).expect("a limit");
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let counting = thread::spawn(move || {
            let (mut buffer, mut count) = ([0; 2048], 0_u64);
            loop {
                match to.recv(&mut buffer) {
                    Ok(_) => count += 1,
                    Err(_) if over.load(Ordering::Relaxed) => return count,
                    Err(_) => {}
                }
            }
        });
        // In bursts of a millisecond, as a pacer has them.
        let a_burst = (mbps * 1e6 / 8.0 / PACKET_BYTES as f64 / 1000.0).ceil() as u64;
        let gap = Duration::from_secs_f64(a_burst as f64 * PACKET_BYTES as f64 * 8.0 / (mbps * 1e6));
        let (start, mut sent) = (Instant::now(), 0_u64);
        while start.elapsed() < RUN {
            for _ in 0..a_burst {
                sent += u64::from(from.send(&[7; PAYLOAD_BYTES]).is_ok());
            }
            let next = gap * u32::try_from(sent / a_burst).expect("few enough bursts");
            thread::sleep(next.saturating_sub(start.elapsed()));
        }
        let took = start.elapsed();
        is_over.store(true, Ordering::Relaxed);
        let received = counting.join().expect("a count");
        let bits = received as f64 * PACKET_BYTES as f64 * 8.0;
        (bits / took.as_secs_f64() / 1e6, (1.0 - received as f64 / sent as f64) * 100.0)
    }

    /// The median and the 99th percentile of the time there and back, in milliseconds, of what was not lost.
    fn echoes(from: &UdpSocket, to: UdpSocket) -> (f64, f64) {
        from.connect(to.local_addr().expect("an address")).expect("connected");
        from.set_read_timeout(Some(Duration::from_millis(500))).expect("a limit");
        to.set_read_timeout(Some(Duration::from_secs(2))).expect("a limit");
        let answering = thread::spawn(move || {
            let mut buffer = [0; 2048];
            while let Ok((length, peer)) = to.recv_from(&mut buffer) {
                to.send_to(&buffer[..length], peer).expect("an answer");
            }
        });
        let mut times = Vec::new();
        for number in 0..ECHOES {
            let question = number.to_be_bytes();
            let (asked, mut answer) = (Instant::now(), [0; 2048]);
            from.send(&question).expect("sent");
            // A late answer to an earlier question is none to this one.
            while let Ok(length) = from.recv(&mut answer) {
                if answer[..length] == question {
                    times.push(asked.elapsed().as_secs_f64() * 1000.0);
                    break;
                }
            }
        }
        answering.join().expect("it ends when nobody asks any more");
        assert!(times.len() > ECHOES * 9 / 10, "{} of {ECHOES} were answered", times.len());
        times.sort_by(f64::total_cmp);
        (times[times.len() / 2], times[times.len() * 99 / 100])
    }

    /// The same over a veth pair between the same two namespaces.
    fn veth(netlab: &Netlab) -> (f64, f64) {
        let start = |host: &str, words: &str| {
            let mut words = words.split(' ');
            let mut command = Command::new(words.next().expect("a program"));
            netlab.host(host).expect("a host").spawn(command.args(words)).expect("it starts")
        };
        let ip = |host: &str, words: &str| {
            let done = start(host, &format!("ip {words}")).wait().expect("it ends");
            assert!(done.success(), "ip {words}");
        };
        // A namespace without a name is named by a process in it.
        let mut sleeper = start("server", "sleep 60");
        ip("laptop", &format!("link add near type veth peer name far netns {}", sleeper.id()));
        sleeper.kill().and_then(|()| sleeper.wait()).expect("it ends");
        for (host, device, address) in [("laptop", "near", NEAR), ("server", "far", FAR)] {
            ip(host, &format!("addr add {address}/24 dev {device}"));
            ip(host, &format!("link set {device} up"));
        }
        echoes(&socket(netlab, "laptop", NEAR), socket(netlab, "server", FAR))
    }
}
