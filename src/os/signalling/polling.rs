//! Long polling: events as responses to GET requests that wait for them, messages as POST requests.

use super::error::TransportError;
use super::event_stream::send;
use super::http::{Requests, read};
use super::link::{Start, TransportLink};
use crate::signal::rooms::frames::ServerFrame;
use std::pin::pin;
use std::time::Duration;

pub(super) async fn run(link: &mut TransportLink) -> Result<(), TransportError> {
    let session = link.session.clone();
    let limit = session.timing.answer_limit;
    let mut polling = Requests::open(&session).await?;
    let heartbeat = session.joined().await?.heartbeat();
    // This poll is answered at once, which shows that requests come through.
    let batch = poll(&mut polling, format!("{}&wait=false", path(link)), limit).await?;
    let took_ms = session.since(link.began);
    take(link, batch).await?;
    let mut sender = Requests::open(&session).await?;
    let measured = match link.start {
        Start::Resume => None,
        Start::Try => {
            let sent = session.clock.now();
            sender.post_quietly("/echo", link.tag().into()).await?;
            session.in_time(echo(link, &mut polling, heartbeat + limit)).await?;
            Some((took_ms, session.since(sent)))
        }
    };
    link.there(measured).await;
    loop {
        let mut batch = pin!(poll(&mut polling, path(link), heartbeat + limit));
        let batch = loop {
            tokio::select! {
                batch = &mut batch => break batch?,
                outgoing = link.next_outgoing() => {
                    if send(link, &mut sender, outgoing).await? {
                        return Ok(());
                    }
                }
            }
        };
        take(link, batch).await?;
    }
}

fn path(link: &TransportLink) -> String {
    format!("/poll?after={}&heard={}", link.after, *link.session.acknowledged.borrow())
}

async fn poll(requests: &mut Requests<'_>, path: String, limit: Duration) -> Result<Vec<ServerFrame>, TransportError> {
    read(requests.get(&path, limit).await?).await
}

async fn echo(link: &mut TransportLink, polling: &mut Requests<'_>, limit: Duration) -> Result<(), TransportError> {
    loop {
        let batch = poll(polling, path(link), limit).await?;
        if take(link, batch).await? {
            return Ok(());
        }
    }
}

/// Handles a batch of frames; true where this transport's echo was among them.
async fn take(link: &mut TransportLink, batch: Vec<ServerFrame>) -> Result<bool, TransportError> {
    let mut own = false;
    for frame in batch {
        own |= link.take(frame).await?;
    }
    Ok(own)
}
