//! Events as Server-Sent Events (HTML Standard §9.2), messages as POST requests.

use super::error::TransportError;
use super::http::Requests;
use super::link::{Outgoing, Start, TransportLink};
use super::timing::{RETRY_PAUSE, patience};
use crate::model::SignallingFailure;
use crate::signal::rooms::frames::ServerFrame;
use http_body_util::BodyExt;
use hyper::body::Incoming;

/// The largest event: a message of 256 KiB in base64, with room for servers that accept larger ones.
const MAX_EVENT_BYTES: usize = 1024 * 1024;

pub(super) async fn run(link: &mut TransportLink) -> Result<(), TransportError> {
    let session = link.session.clone();
    let mut receiver = Requests::open(&session).await?;
    let joined = session.joined().await?;
    let response = receiver.get(&format!("/events?after={}", link.after), session.timing.answer_limit).await?;
    let mut events = Events { body: response.into_body(), unread: Vec::new() };
    session.in_time(events.sign_of_life()).await?;
    let took_ms = session.since(link.began);
    let mut sender = Requests::open(&session).await?;
    let measured = match link.start {
        Start::Resume => None,
        Start::Try => {
            let sent = session.clock.now();
            sender.post_quietly("/echo", link.tag().into()).await?;
            session.in_time(echo(link, &mut events)).await?;
            Some((took_ms, session.since(sent)))
        }
    };
    link.there(measured).await;
    let (heartbeat, lease) = (joined.heartbeat(), joined.lease());
    let mut renewal = session.clock.now() + heartbeat;
    let mut silent = session.clock.now() + patience(lease);
    loop {
        tokio::select! {
            heard = events.next() => {
                silent = session.clock.now() + patience(lease);
                if let Some(frame) = heard? {
                    link.take(frame).await?;
                }
            }
            outgoing = link.next_outgoing() => {
                renewal = session.clock.now() + heartbeat;
                if send(link, &mut sender, outgoing).await? {
                    return Ok(());
                }
            }
            () = session.clock.reach(Some(renewal)) => {
                renewal = session.clock.now() + heartbeat;
                let heard = *session.acknowledged.borrow();
                sender.post_quietly(&format!("/stay?heard={heard}"), Vec::new()).await?;
            }
            () = session.clock.reach(Some(silent)) => return Err(SignallingFailure::Cut.into()),
        }
    }
}

async fn echo(link: &mut TransportLink, events: &mut Events) -> Result<(), TransportError> {
    loop {
        if let Some(frame) = events.next().await?
            && link.take(frame).await?
        {
            return Ok(());
        }
    }
}

/// Posts one item; true where it was the last one.
pub(super) async fn send(
    link: &mut TransportLink,
    requests: &mut Requests<'_>,
    outgoing: Outgoing,
) -> Result<bool, TransportError> {
    match outgoing {
        Outgoing::Message { number, message } => {
            match requests.post::<ServerFrame>(&format!("/say?number={number}"), message).await {
                Ok(answer) => link.take(answer).await.map(|_| false),
                Err(TransportError::Refused(refusal)) if refusal.passes() => {
                    link.session.clock.pause(RETRY_PAUSE).await;
                    link.resend(number);
                    Ok(false)
                }
                Err(error) => Err(error),
            }
        }
        Outgoing::Acknowledge(number) => {
            requests.post_quietly(&format!("/stay?heard={number}"), Vec::new()).await.map(|()| false)
        }
        Outgoing::Leave => {
            requests.post_quietly("/leave", Vec::new()).await?;
            Ok(true)
        }
        Outgoing::Close => Ok(true),
    }
}

struct Events {
    body: Incoming,
    unread: Vec<u8>,
}

impl Events {
    /// Waits for the first bytes of the body, whatever they are.
    async fn sign_of_life(&mut self) -> Result<(), TransportError> {
        self.more().await
    }

    async fn more(&mut self) -> Result<(), TransportError> {
        let frame = self.body.frame().await.and_then(Result::ok).ok_or(SignallingFailure::Cut)?;
        if let Ok(data) = frame.into_data() {
            self.unread.extend_from_slice(&data);
        }
        if self.unread.len() > MAX_EVENT_BYTES { Err(SignallingFailure::Cut.into()) } else { Ok(()) }
    }

    /// The next event; None for a comment. Cancel-safe.
    async fn next(&mut self) -> Result<Option<ServerFrame>, TransportError> {
        loop {
            if let Some(end) = self.unread.windows(2).position(|ends| ends == b"\n\n") {
                let event: Vec<u8> = self.unread.drain(..end + 2).collect();
                let data = event.strip_prefix(b"data: ");
                return data
                    .map(|json| serde_json::from_slice(json).map_err(|_| SignallingFailure::Cut.into()))
                    .transpose();
            }
            self.more().await?;
        }
    }
}
