//! `call`: one end of a call with another rtc-doctor, in a room or by codes that people carry.

mod copy_paste;
mod milestones;

use crate::cli::args::call::CallArgs;
use crate::cli::environment::Environment;
use crate::cli::exit;
use crate::cli::io::documents::Documents;
use crate::cli::io::printer::Printer;
use crate::cli::io::progress::Progress;
use crate::cli::io::report::report;
use crate::cli::io::settings::{self, InHand};
use crate::cli::io::{gathered, redacted, stop};
use crate::cli::refusal::Refusal;
use crate::ice::Policy;
use crate::machine::Rng;
use crate::model::{ConfigurationFact, Detail, Diagnosis, Record};
use crate::os::signalling::{Lost, Timing};
use crate::os::sources::keep_fresh;
use crate::os::{Options, OsWorld, entropy, signalling_channel, unix_now};
use crate::peer::{CallConfig, Config, Session};
use crate::probe::{Plan, Planned};
use crate::report::escape::escape;
use crate::signal::address::Address;
use crate::signal::code;
use crate::{catalog, diagnose, run};
use copy_paste::CopyPaste;
use futures_util::FutureExt;
use std::time::Duration;
use tokio::sync::oneshot;

/// How the two ends find each other.
enum Rendezvous {
    Room(Address),
    /// Codes that people carry: with that of the end that began, or to begin.
    CopyPaste(Option<String>),
}

fn rendezvous(args: &CallArgs) -> Result<Rendezvous, Refusal> {
    match &args.room {
        None => Ok(Rendezvous::CopyPaste(None)),
        Some(pasted) if pasted.trim_start().starts_with("rtcd") => match code::read(pasted) {
            Ok(_) => Ok(Rendezvous::CopyPaste(Some(pasted.clone()))),
            Err(error) => Err(Refusal::usage(format!("ROOM: the code of the other end: {error}"))),
        },
        Some(address) => match address.parse() {
            Ok(address) => Ok(Rendezvous::Room(address)),
            // The address lets its reader in: it is not repeated.
            Err(error) => Err(Refusal::usage(format!(
                "ROOM: {error}; it is what \"rtc-doctor serve\" printed, or the code of the other end (rtcd1-…)"
            ))),
        },
    }
}

fn config(args: &CallArgs, plan: Plan, by_hand: bool) -> Config {
    let configured = plan.configured.contains(&ConfigurationFact::RelayedCandidatesOnly);
    let policy = match (args.relay_only || configured, args.host_only) {
        (true, _) => Policy::RelayOnly,
        (_, true) => Policy::HostOnly,
        (false, false) => Policy::All,
    };
    Config { plan, policy, passive_tcp: args.tcp, mdns: args.mdns, by_hand, call: call_config(args) }
}

fn call_config(args: &CallArgs) -> Option<CallConfig> {
    let usual = if args.ageing { CallConfig::AGEING } else { CallConfig::USUAL };
    let duration = args.duration.map_or(usual.duration, |seconds| Duration::from_secs(u64::from(seconds)));
    let usual = args.video.map_or(usual, |kilobits| usual.with_video(u64::from(kilobits) * 1000));
    (!args.no_media).then_some(CallConfig { duration, roam: args.roam, ..usual })
}

pub(crate) async fn call(
    args: CallArgs,
    mut environment: Environment,
    printer: &mut Printer,
    judge: impl FnOnce(&Record) -> Diagnosis,
) -> Result<u8, Refusal> {
    let documents = Documents::prepare(&args.run.shown.documents, &[])?;
    let on_stdout = documents.on_stdout();
    printer.keep_stdout_for_a_document(on_stdout);
    let style = environment.style(on_stdout);
    let rendezvous = rendezvous(&args)?;
    if args.roam && matches!(rendezvous, Rendezvous::CopyPaste(_)) {
        return Err(Refusal::usage("--roam needs a ROOM: codes that people carry make no call".to_owned()));
    }
    let InHand { mut targets, whole_list, mut configured, sources, roots, mut warnings } =
        settings::servers(&args.servers, &[], &mut environment)?;
    let proxy = if sources.is_empty() { None } else { settings::proxy(&environment, &mut warnings) };
    let options = Options { further_roots: roots, proxy, ..Options::default() };
    for warning in warnings {
        printer.tell(&format!("warning: {warning}"));
    }
    let gathered = gathered::gather(&sources, &options, args.servers.insecure, gathered::USUAL_LIMIT).await?;
    targets.extend(gathered.targets);
    configured.extend(gathered.facts);
    let mut redaction = redacted::redaction(args.run.shown.redact, &targets);
    let servers = targets.into_iter().map(|(target, credentials)| Planned { target, credentials });
    let plan =
        Plan { whole_list, configured, insecure: args.servers.insecure, unix_now: unix_now(), ..Plan::new(servers) };
    let config = config(&args, plan, matches!(rendezvous, Rendezvous::CopyPaste(_)));
    let cannot_begin = |message: String| Refusal::new(exit::COULD_NOT_TELL, escape(&message, style.ascii));
    let seed = entropy().ok_or_else(|| cannot_begin("the system gives no random bytes".to_owned()))?;
    let world = OsWorld::new(options).map_err(|error| cannot_begin(error.to_string()))?;
    let mut session = Session::new(config, Rng::new(seed));
    let (signalling_channel, end) = signalling_channel();
    let progress = Progress::new(printer, &environment, &args.run).with_milestones(milestones::of);
    let (running, is_over) = oneshot::channel::<()>();
    let renewal = keep_fresh(
        &world,
        // A person carries one description each way, so that nothing can begin anew.
        if matches!(rendezvous, Rendezvous::Room(_)) { gathered.used } else { Vec::new() },
        args.servers.insecure,
        end.to_machine.downgrade(),
        is_over.map(drop),
    );
    let run = async {
        let stop = stop::requested_or(gathered.is_stopped);
        let ours = run::call(&world, &mut session, signalling_channel, stop, |seen| progress.saw(seen)).await;
        drop(running);
        ours
    };
    let run = async { tokio::join!(run, renewal) };
    let ((mut ours, renewed), lost) = match rendezvous {
        Rendezvous::Room(address) => {
            let carried = world.carry(&address, Timing::default(), end);
            let (ours, carried) = tokio::join!(run, carried);
            (ours, carried.err().map(|lost| why(&lost, &address, style.lang)))
        }
        Rendezvous::CopyPaste(offer) => {
            let people = CopyPaste::new(offer, end, environment.take_stdin());
            let carried = people.carry(|code| progress.show(code), |line| progress.tell(line));
            (tokio::join!(run, carried).0, None)
        }
    };
    drop(progress);
    let left = gathered::give_back(gathered.held.into_iter().chain(renewed).collect()).await;
    if let Some(lost) = lost {
        printer.tell(&format!("error: {}", escape(&lost, style.ascii)));
    }
    let (_, theirs) = session.into_records();
    gathered::append(left, &mut ours);
    ours.interrupted |= gathered.is_stopped;
    let record = match theirs {
        Some((theirs, tool)) => ours.join(theirs, tool),
        None => ours,
    };
    let diagnosis = redacted::diagnosis(judge(&record), redaction.as_mut())?;
    report(diagnosis, &documents, style, args.run.shown.extent(), printer)
}

/// What came between this end and its room.
fn why(lost: &Lost, room: &Address, lang: catalog::Lang) -> String {
    let Lost::NotConnected(failure) = lost else { return lost.to_string() };
    let error = diagnose::told(failure);
    let reason = Some(error.reason).filter(|reason| !reason.is_empty());
    let words = catalog::words(error.code, &Detail::default().server(room.authority()).reason(reason), lang);
    format!("{lost}: {}. {}", words.title, words.remedy)
}
