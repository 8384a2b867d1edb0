//! What a server of ours sent back, as a sentence.

use super::shown::InSentence;
use super::{Lang, Sentence, said};
use crate::model::EchoFact;

pub(super) fn echo(fact: &EchoFact, lang: Lang) -> Sentence {
    match fact {
        EchoFact::EchoOffered { server, .. } => {
            told!(lang, "{server} sends back what comes to it", "{server}: 받은 것을 되돌려 보내 줌", server)
        }
        EchoFact::EchoPort { server, tally, .. } => told!(
            lang,
            "A Binding request to {server}, where a server of ours listens: {tally}",
            "우리 서버가 듣고 있는 {server}에 보낸 Binding 요청: {tally}",
            server,
            tally
        ),
        EchoFact::Echoed { server, class: Some(class), sent, came_back, .. } => told!(
            lang,
            "{class} to {server}, sent {sent} {sent|time|times}, came back: {heard}",
            "{server}에 {sent}번 보낸 {class}, 되돌아옴: {heard}",
            class,
            server,
            sent,
            came_back as "heard"
        ),
        EchoFact::Echoed { server, sent, came_back, .. } => told!(
            lang,
            "What begins as RTP does, sent {sent} {sent|time|times} to {server}, came back: {heard}",
            "{server}에 {sent}번 보낸 RTP 모양의 패킷, 되돌아옴: {heard}",
            server,
            sent,
            came_back as "heard"
        ),
    }
}
