use super::*;
use crate::machine::Open;
use crate::model::{Failure, Millis, Tls, TlsProblem};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const NAME: &str = "turn.example";

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "Test Authority");
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate"))
    }

    fn issue(&self, params: CertificateParams) -> Identity {
        let key = KeyPair::generate().expect("a key");
        let leaf = params.signed_by(&key, &self.0).expect("a certificate");
        Identity { chain: vec![leaf.der().to_vec()], key: key.serialize_der() }
    }

    /// A world that trusts this authority.
    fn world(&self) -> OsWorld {
        let further_roots = vec![self.0.der().to_vec()];
        let options = Options { further_roots, connect_limit: Duration::from_secs(2), ..Options::default() };
        OsWorld::new(options).expect("a root")
    }
}

fn leaf(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    params.distinguished_name.push(DnType::CommonName, "The Leaf");
    params
}

fn self_signed(params: CertificateParams) -> Identity {
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    Identity { chain: vec![certificate.der().to_vec()], key: key.serialize_der() }
}

/// Serves every stream that comes, one after the other.
async fn server<F: Future<Output = ()> + Send>(
    serve: impl Fn(TcpStream) -> F + Send + 'static,
) -> (SocketAddr, task::Task) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let at = listener.local_addr().expect("an address");
    let serve = async move {
        while let Ok((stream, _)) = listener.accept().await {
            serve(stream).await;
        }
    };
    (at, task::Task::spawn(serve))
}

/// Echoes under TLS.
async fn secure_server(identity: Identity) -> (SocketAddr, task::Task) {
    let acceptor = tls::acceptor(identity).expect("an identity");
    server(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let mut buffer = [0; 64];
            while let Ok(length @ 1..) = stream.read(&mut buffer).await {
                stream.write_all(&buffer[..length]).await.expect("written");
                stream.flush().await.expect("flushed");
            }
        }
    })
    .await
}

/// Says `first`, then reads until the client is gone.
async fn plain_server(first: &'static [u8]) -> (SocketAddr, task::Task) {
    server(move |mut stream| async move {
        stream.write_all(first).await.expect("written");
        let _ = stream.read_to_end(&mut Vec::new()).await;
    })
    .await
}

fn to(to: SocketAddr, server_name: &str, insecure: bool) -> Open {
    Open::Tls { to, server_name: server_name.to_owned(), insecure }
}

/// The problem of a handshake that must fail, and what it showed.
async fn refused(world: &OsWorld, open: Open) -> (TlsProblem, Tls) {
    match opened(world, open).await {
        Input::Failed { failure: Failure::Tls { problem }, tls: Some(tls), .. } => {
            assert_eq!(tls.problem.as_ref(), Some(&problem));
            (problem, tls)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_trusted_server_is_talked_to_and_its_certificate_is_told() {
    let authority = Authority::new();
    let (at, _server) = secure_server(authority.issue(leaf(NAME))).await;
    let begin = vec![Output::Open { socket: HERE, open: to(at, NAME, false) }];
    let heard = heard(&authority.world(), begin, |input| match input {
        Input::Opened { .. } => Some(vec![Output::Send { socket: HERE, to: at, data: vec![1, 2] }]),
        Input::Interfaces(_) => Some(Vec::new()),
        _ => None,
    })
    .await;
    assert_eq!(heard[1], Input::Received { socket: HERE, from: at, data: vec![1, 2] });
    let Input::Opened { tls: Some(tls), .. } = &heard[0] else { panic!("{heard:?}") };
    assert_eq!((tls.server_name.as_str(), tls.version.as_deref(), &tls.problem), (NAME, Some("TLS 1.3"), &None));
    assert!(
        tls.connect_ms.is_some() && tls.handshake_ms.is_some_and(|time| time > Millis::ZERO),
        "each has its time: {tls:?}"
    );
    let [certificate] = tls.certificates.as_slice() else { panic!("{tls:?}") };
    assert_eq!((certificate.subject.as_str(), certificate.issuer.as_str()), ("CN=The Leaf", "CN=Test Authority"));
    assert_eq!(certificate.names.iter().map(|name| name.as_str()).collect::<Vec<_>>(), [NAME]);
    assert_eq!((certificate.not_before.as_str(), certificate.fingerprint_sha256.len()), ("1975-01-01T00:00:00Z", 64));
}

#[tokio::test]
async fn a_server_may_be_named_by_its_address() {
    let authority = Authority::new();
    let (at, _server) = secure_server(authority.issue(leaf("127.0.0.1"))).await;
    let Input::Opened { tls: Some(tls), .. } = opened(&authority.world(), to(at, "127.0.0.1", false)).await else {
        panic!("refused")
    };
    assert_eq!(tls.certificates[0].names[0].as_str(), "127.0.0.1");
}

#[tokio::test]
async fn a_certificate_that_the_user_named_needs_no_issuer_and_is_still_for_a_name_and_a_time() {
    // As `openssl req -x509` makes it: an authority by its own word, and a server's.
    let own_authority = |mut params: CertificateParams| {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        self_signed(params)
    };
    let mut expired = leaf(NAME);
    expired.not_after = date_time_ymd(2001, 2, 3);
    for (params, name, problem) in [
        (leaf(NAME), NAME, None),
        (leaf(NAME), "another.example", Some(TlsProblem::WrongName)),
        (expired, NAME, Some(TlsProblem::Expired)),
    ] {
        let identity = own_authority(params);
        let further_roots = identity.chain.clone();
        let options = Options { further_roots, connect_limit: Duration::from_secs(2), ..Options::default() };
        let world = OsWorld::new(options).expect("a root");
        let (at, _server) = secure_server(identity).await;
        match problem {
            None => assert!(matches!(opened(&world, to(at, name, false)).await, Input::Opened { .. })),
            Some(problem) => assert_eq!(refused(&world, to(at, name, false)).await.0, problem),
        }
    }
}

#[tokio::test]
async fn each_fault_of_a_certificate_has_its_own_name_and_brings_the_certificate() {
    let authority = Authority::new();
    let mut expired = leaf(NAME);
    expired.not_after = date_time_ymd(2001, 2, 3);
    let mut early = leaf(NAME);
    early.not_before = date_time_ymd(2999, 1, 1);
    early.not_after = date_time_ymd(3000, 1, 1);
    // As `openssl req -x509` makes it.
    let mut root = leaf(NAME);
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let cases = [
        (authority.issue(expired), TlsProblem::Expired),
        (authority.issue(early), TlsProblem::NotYetValid),
        (authority.issue(leaf("other.example")), TlsProblem::WrongName),
        (Authority::new().issue(leaf(NAME)), TlsProblem::UnknownIssuer),
        (self_signed(leaf(NAME)), TlsProblem::SelfSigned),
        (self_signed(root), TlsProblem::SelfSigned),
    ];
    for (identity, expected) in cases {
        let (at, _server) = secure_server(identity).await;
        let (problem, tls) = refused(&authority.world(), to(at, NAME, false)).await;
        assert_eq!((problem, tls.certificates.len()), (expected, 1));
    }
}

#[tokio::test]
async fn insecure_goes_on_and_tells_the_problem_all_the_same() {
    let (at, _server) = secure_server(self_signed(leaf(NAME))).await;
    match opened(&Authority::new().world(), to(at, NAME, true)).await {
        Input::Opened { tls: Some(tls), .. } => assert_eq!(tls.problem, Some(TlsProblem::SelfSigned)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_speaks_something_else_is_quoted() {
    let (at, _server) = plain_server(b"220 mail.example\r\nESMTP").await;
    let (problem, tls) = refused(&world(), to(at, NAME, false)).await;
    let TlsProblem::NotTls { first_bytes } = problem else { panic!("{problem:?}") };
    assert_eq!((first_bytes.as_str(), tls.certificates.len()), ("220 mail.example", 0));
}

#[tokio::test]
async fn an_alert_is_told_in_the_rfc_s_words() {
    // handshake record, version 3.1 or 3.3, two bytes: fatal, and which.
    for (alert, expected) in [
        (
            &[21, 3, 1, 0, 2, 2, 70],
            TlsProblem::NothingInCommon { message: crate::model::Text::new("protocol_version") },
        ),
        (&[21, 3, 3, 0, 2, 2, 80], TlsProblem::Alert { message: crate::model::Text::new("internal_error") }),
    ] {
        let (at, _server) = plain_server(alert).await;
        assert_eq!(refused(&world(), to(at, NAME, false)).await.0, expected);
    }
}

#[tokio::test]
async fn a_server_that_never_shakes_hands_times_out_and_one_that_leaves_is_told_apart() {
    let (at, _server) = plain_server(b"").await;
    let hasty = OsWorld::new(Options { connect_limit: Duration::from_millis(100), ..Options::default() });
    assert_eq!(refused(&hasty.expect("options"), to(at, NAME, false)).await.0, TlsProblem::TimedOut);
    let (at, _server) = server(|stream| async move { drop(stream) }).await;
    assert_eq!(refused(&world(), to(at, NAME, false)).await.0, TlsProblem::Closed);
}

#[tokio::test]
async fn a_server_that_refuses_our_application_protocol_is_asked_without_one() {
    let authority = Authority::new();
    let identity = authority.issue(leaf(NAME));
    let chain = identity.chain.into_iter().map(Into::into).collect();
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let mut config = tokio_rustls::rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, identity.key.try_into().expect("a key"))
        .expect("an identity");
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let (at, _server) = server(move |stream| {
        let accepting = acceptor.accept(stream);
        async move {
            if let Ok(mut stream) = accepting.await {
                let _ = stream.read(&mut [0; 1]).await;
            }
        }
    })
    .await;
    let answer = opened(&authority.world(), to(at, NAME, false)).await;
    assert!(matches!(answer, Input::Opened { .. }), "{answer:?}");
}

#[tokio::test]
async fn a_secure_listener_is_reached_from_another_machine() {
    let authority = Authority::new();
    let options = Options { identity: Some(authority.issue(leaf(NAME))), ..Options::default() };
    let (server, client) = (OsWorld::new(options).expect("an identity"), authority.world());
    let probe = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let at = probe.local_addr().expect("an address");
    drop(probe);
    let listen = vec![Output::Open { socket: HERE, open: Open::Listen { at, secure: true } }];
    let serving = heard(&server, listen, |input| match input {
        Input::Received { socket, from, data } => {
            Some(vec![Output::Send { socket: *socket, to: *from, data: data.clone() }])
        }
        _ => Some(Vec::new()),
    });
    let mut tries = 0;
    let connect = |n| Output::Open { socket: SocketId(n), open: to(at, NAME, false) };
    let asking = heard(&client, vec![connect(0)], |input| match input {
        Input::Opened { socket, .. } => Some(vec![Output::Send { socket: *socket, to: at, data: vec![9] }]),
        // Until the other machine listens.
        Input::Failed { failure: Failure::Refused, .. } => {
            tries += 1;
            Some(vec![connect(tries)])
        }
        Input::Interfaces(_) => Some(Vec::new()),
        _ => None,
    });
    tokio::select! {
        _ = serving => panic!("the server never finishes"),
        heard = asking => assert!(matches!(heard.last(), Some(Input::Received { data, .. }) if *data == [9]), "{heard:?}"),
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn silent_connections_of_one_source_keep_no_other_from_its_handshake() {
    let authority = Authority::new();
    let options = Options { identity: Some(authority.issue(leaf(NAME))), ..Options::default() };
    let (server, client) = (OsWorld::new(options).expect("an identity"), authority.world());
    let at: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    let listen = vec![Output::Open { socket: HERE, open: Open::Listen { at, secure: true } }];
    let (told, mut bound) = tokio::sync::mpsc::unbounded_channel();
    let serving = heard(&server, listen, |input| {
        if let Input::Opened { local, .. } = input {
            let _ = told.send(*local);
        }
        Some(Vec::new())
    });
    let asking = async {
        let at = bound.recv().await.expect("it listens");
        let mut silent = Vec::new();
        for _ in 0..200 {
            let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
            socket.bind("127.0.0.2:0".parse().expect("an address")).expect("an address of this machine");
            silent.push(socket.connect(at).await.expect("the kernel accepts"));
        }
        opened(&client, to(at, NAME, false)).await
    };
    tokio::select! {
        _ = serving => panic!("the server never finishes"),
        opened = asking => assert!(matches!(opened, Input::Opened { .. }), "{opened:?}"),
    }
}

#[test]
fn an_unreadable_root_or_identity_is_the_callers_mistake() {
    let root = Options { further_roots: vec![vec![1, 2, 3]], ..Options::default() };
    assert!(matches!(OsWorld::new(root), Err(OptionsError::Root(0, _))));
    let identity = Identity { chain: vec![vec![1]], key: vec![2] };
    assert!(matches!(
        OsWorld::new(Options { identity: Some(identity), ..Options::default() }),
        Err(OptionsError::Identity(_))
    ));
}

#[tokio::test]
async fn a_stream_broken_after_the_handshake_says_that_tls_broke() {
    let authority = Authority::new();
    let acceptor = tls::acceptor(authority.issue(leaf(NAME))).expect("an identity");
    let (at, _server) = server(move |stream| {
        let accepting = acceptor.accept(stream);
        async move {
            let Ok(stream) = accepting.await else { return };
            // What is no record of this session makes the client end it.
            let (mut stream, _) = stream.into_inner();
            stream
                .write_all(&[23, 3, 3, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
                .await
                .expect("written");
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
    })
    .await;
    let begin = vec![Output::Open { socket: HERE, open: to(at, NAME, false) }];
    let heard = heard(&authority.world(), begin, |input| (!matches!(input, Input::Failed { .. })).then(Vec::new)).await;
    assert!(matches!(heard.last(), Some(Input::Failed { failure: Failure::Tls { .. }, .. })), "{heard:?}");
}
