//! What happened between this machine and the source of an application's ICE servers, as a sentence.

use super::shown::InSentence;
use super::{Lang, Sentence, said};
use crate::model::ConfigurationFact;

pub(super) fn source(fact: &ConfigurationFact, lang: Lang) -> Sentence {
    match fact {
        ConfigurationFact::RelayedCandidatesOnly => {
            told!(lang, "The configuration allows relayed candidates only", "설정이 중계 후보만 허용함")
        }
        ConfigurationFact::FaultyConfiguration { fault, .. } => {
            told!(lang, "Of the configuration: {fault}", "설정: {fault}", fault)
        }
        ConfigurationFact::SourceUnresolved { target, failure, .. } => told!(
            lang,
            "The source's name {target} gave no address: {failure}",
            "서버를 주는 곳의 이름 {target}에 주소 없음: {failure}",
            target,
            failure
        ),
        ConfigurationFact::SourceConnected { target, remote, through_proxy: true, took_ms, .. } => told!(
            lang,
            "Connected to the source {target} through the proxy {remote} in {took_ms} ms",
            "서버를 주는 곳 {target}에 프록시 {remote}를 거쳐 연결됨: {took_ms} ms",
            target,
            remote,
            took_ms
        ),
        ConfigurationFact::SourceConnected { target, remote, took_ms, .. } => told!(
            lang,
            "Connected to the source {target} at {remote} in {took_ms} ms",
            "서버를 주는 곳 {target}에 연결됨: {remote}, {took_ms} ms",
            target,
            remote,
            took_ms
        ),
        ConfigurationFact::SourceNotConnected { target, port, failure, .. } => told!(
            lang,
            "No connection to the source {target} at port {port}: {failure}",
            "서버를 주는 곳 {target}의 포트 {port}에 연결 안 됨: {failure}",
            target,
            port,
            failure
        ),
        ConfigurationFact::SourceAnswered { target, method, status, took_ms } => told!(
            lang,
            "The source {target} answered {method} with {status} after {took_ms} ms",
            "서버를 주는 곳 {target}에서 {method}에 {status}로 응답함, {took_ms} ms",
            target,
            method,
            status,
            took_ms
        ),
        ConfigurationFact::SourceNotAnswered { target, why, .. } => told!(
            lang,
            "The source {target} gave no answer: {why}",
            "서버를 주는 곳 {target}에서 응답을 받지 못함: {why}",
            target,
            why
        ),
        ConfigurationFact::SourceOffered { target, .. } => {
            told!(lang, "The source {target} offers servers", "서버를 주는 곳 {target}에서 서버를 받음", target)
        }
        ConfigurationFact::SourceRenewed { target, restarts: false, .. } => told!(
            lang,
            "The source {target} was asked again and gives fresh servers",
            "서버를 주는 곳 {target}에 다시 요청하여 새 서버를 받음",
            target
        ),
        ConfigurationFact::SourceRenewed { target, restarts: true, .. } => told!(
            lang,
            "The source {target} was asked again and gives fresh servers; ICE restarts with them",
            "서버를 주는 곳 {target}에 다시 요청하여 새 서버를 받고, 그것으로 ICE를 다시 시작함",
            target
        ),
        ConfigurationFact::SourceNotRenewed { target, why } => told!(
            lang,
            "The source {target} was asked again and gives nothing fresh: {why}",
            "서버를 주는 곳 {target}에 다시 요청했지만 새 서버를 받지 못함: {why}",
            target,
            why
        ),
    }
}
