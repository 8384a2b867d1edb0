use super::*;
use crate::machine::QueryId;
use crate::model::{DnsFailure, DnsKind, DnsRecord};
use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, CNAME, SRV};
use hickory_resolver::proto::rr::{Name, RData, Record};
use tokio::net::UdpSocket;

/// A name server that answers every question with this code and these records.
async fn name_server((code, records): (ResponseCode, Vec<Record>)) -> (OsWorld, task::Task) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let at = socket.local_addr().expect("an address");
    let serve = async move {
        let mut buffer = [0; 2048];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let question = Message::from_vec(&buffer[..length]).expect("a question");
            let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
            reply.metadata.response_code = code;
            reply.add_queries(question.queries).add_answers(records.clone());
            socket.send_to(&reply.to_vec().expect("encoded"), from).await.expect("sent");
        }
    };
    (asking(vec![at]), task::Task::spawn(serve))
}

fn asking(name_servers: Vec<SocketAddr>) -> OsWorld {
    OsWorld::new(Options { name_servers: Some(name_servers), ..Options::default() }).expect("good options")
}

async fn resolved(world: &OsWorld, name: &str, kind: DnsKind) -> Result<Vec<DnsRecord>, DnsFailure> {
    let begin = vec![Output::Resolve { query: QueryId(3), name: name.to_owned(), kind }];
    let interfaces_only = |input: &Input| matches!(input, Input::Interfaces(_)).then(Vec::new);
    match heard(world, begin, interfaces_only).await.pop() {
        Some(Input::Resolved { query: QueryId(3), answer }) => answer,
        other => panic!("{other:?}"),
    }
}

fn name(name: &str) -> Name {
    Name::from_ascii(name).expect("a name")
}

#[tokio::test]
async fn addresses_come_also_through_an_alias() {
    let alias = Record::from_rdata(name("turn.example."), 60, RData::CNAME(CNAME(name("a.example."))));
    let address = Record::from_rdata(name("a.example."), 60, RData::A(A::new(192, 0, 2, 7)));
    let (world, _server) = name_server((ResponseCode::NoError, vec![alias, address])).await;
    let expected = DnsRecord::Address([192, 0, 2, 7].into());
    assert_eq!(resolved(&world, "turn.example", DnsKind::A).await, Ok(vec![expected]));
}

#[tokio::test]
async fn services_are_told_without_the_trailing_dot_and_sixteen_at_most() {
    let service = |port| RData::SRV(SRV::new(1, 2, port, name("turn.example.")));
    let owner = name("_turn._udp.example.");
    let records = (0..20).map(|port| Record::from_rdata(owner.clone(), 60, service(port))).collect();
    let (world, _server) = name_server((ResponseCode::NoError, records)).await;
    let records = resolved(&world, "_turn._udp.example", DnsKind::Srv).await.expect("services");
    assert_eq!(records.len(), 16);
    assert_eq!(records[0], DnsRecord::Service { priority: 1, weight: 2, port: 0, target: "turn.example".to_owned() });
}

#[tokio::test]
async fn each_no_of_a_name_server_has_its_own_name() {
    for (code, expected) in [
        (ResponseCode::NXDomain, DnsFailure::NoSuchName),
        (ResponseCode::NoError, DnsFailure::NoData),
        (ResponseCode::ServFail, DnsFailure::ServerFailure),
        (ResponseCode::Refused, DnsFailure::Refused),
    ] {
        let (world, _server) = name_server((code, Vec::new())).await;
        assert_eq!(resolved(&world, "turn.example", DnsKind::Aaaa).await, Err(expected), "{code}");
    }
}

#[tokio::test]
async fn a_machine_without_a_name_server_still_knows_localhost() {
    let world = asking(Vec::new());
    assert_eq!(resolved(&world, "turn.example", DnsKind::A).await, Err(DnsFailure::NoNameServer));
    let loopback = DnsRecord::Address([127, 0, 0, 1].into());
    assert_eq!(resolved(&world, "localhost", DnsKind::A).await, Ok(vec![loopback]));
}

#[tokio::test]
async fn a_name_that_cannot_be_one_is_refused_without_a_question() {
    let label = "a".repeat(64);
    let answer = resolved(&asking(Vec::new()), &label, DnsKind::A).await;
    assert!(matches!(answer, Err(DnsFailure::Other { .. })), "{answer:?}");
}

#[tokio::test]
async fn a_lost_question_is_sent_again_and_the_late_answer_to_the_first_copy_counts() {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let at = socket.local_addr().expect("an address");
    let _server = task::Task::spawn(async move {
        let mut first = [0; 2048];
        let (length, from) = socket.recv_from(&mut first).await.expect("a question");
        socket.recv_from(&mut [0; 2048]).await.expect("its copy");
        let question = Message::from_vec(&first[..length]).expect("a question");
        let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
        let address = Record::from_rdata(name("turn.example."), 60, RData::A(A::new(192, 0, 2, 7)));
        reply.add_queries(question.queries).add_answers([address]);
        socket.send_to(&reply.to_vec().expect("encoded"), from).await.expect("sent");
    });
    let answer = resolved(&asking(vec![at]), "turn.example", DnsKind::A).await;
    assert_eq!(answer, Ok(vec![DnsRecord::Address([192, 0, 2, 7].into())]));
}

#[tokio::test]
async fn a_silent_name_server_times_out() {
    let silent = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let name_servers = Some(vec![silent.local_addr().expect("an address")]);
    let options = Options { name_servers, name_limit: Duration::from_millis(50), ..Options::default() };
    let world = OsWorld::new(options).expect("good options");
    assert_eq!(resolved(&world, "turn.example", DnsKind::A).await, Err(DnsFailure::TimedOut));
}

#[tokio::test]
async fn an_answer_that_is_cut_short_while_tcp_is_shut_is_none_and_no_error_of_the_name_server() {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let at = socket.local_addr().expect("an address");
    let _server = task::Task::spawn(async move {
        let mut buffer = [0; 2048];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let question = Message::from_vec(&buffer[..length]).expect("a question");
            let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
            reply.metadata.truncation = true;
            reply.add_queries(question.queries);
            socket.send_to(&reply.to_vec().expect("encoded"), from).await.expect("sent");
        }
    });
    let answer = resolved(&asking(vec![at]), "turn.example", DnsKind::A).await;
    assert!(matches!(answer, Err(DnsFailure::NotHeard { .. })), "{answer:?}");
}
