//! The verdict, for people who have never heard of STUN.

use super::{Lang, said};
use crate::model::Path;

/// What the verdict means for the person who calls; `of_two` says whether both ends are known.
pub(crate) fn verdict_means(path: Option<Path>, of_two: bool, lang: Lang) -> &'static str {
    let said = match path {
        Some(Path::Direct) => said(
            "Sound and picture travel straight between the two people. That is the best case.",
            "소리와 영상이 두 사람 사이를 곧바로 오갑니다. 가장 좋은 경우입니다.",
        ),
        Some(Path::Relay) => said(
            "Sound and picture take a detour over a server in the middle, a relay. Calls work as long as that server does, with a little more delay.",
            "소리와 영상이 가운데에 있는 중계 서버를 거쳐 돌아갑니다. 그 서버가 작동하는 한 통화는 되지만 조금 더 늦게 전해집니다.",
        ),
        Some(Path::None) if of_two => said(
            "Sound and picture find no way between these two, neither straight nor over a relay. Calls will ring and then fail.",
            "이 둘 사이에서는 소리와 영상이 곧바로도, 중계 서버를 거쳐서도 오가지 못합니다. 전화는 울려도 연결되지 않습니다.",
        ),
        Some(Path::None) => said(
            "Sound and picture find no way out of this network, neither straight nor over a relay. Calls will ring and then fail.",
            "소리와 영상이 곧바로도, 중계 서버를 거쳐서도 이 네트워크를 빠져나가지 못합니다. 전화는 울려도 연결되지 않습니다.",
        ),
        None => said(
            "The tests did not get far enough to say. What stopped them is told below.",
            "시험이 판정할 수 있는 데까지 나아가지 못했습니다. 무엇이 막았는지는 아래에 있습니다.",
        ),
    };
    said.to(lang)
}
