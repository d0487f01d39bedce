#include "client/content.h"
#include "client/pairing_message.h"
#include "client/save.h"
#include "fuzz/seeds/seeds.h"
#include "identity/base64url.h"
#include "identity/card.h"
#include "identity/link.h"
#include "identity/spoken_code.h"
#include "ratchet/header.h"
#include "ratchet/save.h"
#include "store/contents.h"
#include "store/envelope.h"
#include "unit/ratchet/seeded.h"
#include "world/random.h"

namespace parley::fuzz {
namespace {

using ratchet::testing::noon;

Bytes text(std::string_view characters) { return to_bytes(bytes_of(characters)); }

/// What a target reads behind a byte that chooses a decoder.
Bytes chosen(std::uint8_t choice, ByteView bytes) {
    Bytes all{choice};
    append(all, bytes);
    return all;
}

void add_texts(Seeds& seeds) {
    seeds["display_filter/made-escapes"] =
        text("\x1b[31mred\x1b[0m \x1b]0;title\a caf\u00e9 \u202egnp.exe\u202c \U0001f469\u200d\U0001f680");
    seeds["file_name/made-path"] = text("../folder\\holiday photo.jpg");
    seeds["file_name/made-device"] = text("con.txt");
    seeds["file_name/made-hidden"] = text("-rf .x\u202e~ ");
    seeds["file_name/made-long"] = text("con." + std::string(240, 'u'));
}

void add_identities(Seeds& seeds, Random& random) {
    const auto ada = identity::Identity::generate(random);
    seeds["card/made-identity"] = to_bytes(ada.public_identity().bytes());
    seeds["card/made-card"] =
        identity::encode({1, ada.public_identity(), ada.certificate(), random.bytes<32>(), "Ada"});
    seeds["spoken_code/made-code"] = text(identity::SpokenCode::draw(random).print());
    seeds["spoken_code/made-short"] = text("0815 AppLe riv");

    const identity::Link plain{{"relay.example.org", 5555}, random.secret<identity::RoomSecret>(), {}};
    const identity::RelayAddress pinned{"2001:db8::1", 443, identity::Transport::tls_pinned, random.bytes<16>()};
    const identity::Link full{pinned, random.secret<identity::RoomSecret>(), random.bytes<16>()};
    seeds["link/made-plain"] = text(identity::print(plain));
    seeds["link/made-full"] = text(identity::print(full));
    seeds["link/made-scanned"] = text(identity::print_for_qr(full));
    seeds["link/made-address"] = text(identity::print(pinned));
    seeds["link/made-base64url"] = text(identity::to_base64url(random.bytes<16>()));
}

/// What flights.cpp puts in front of a body.
Bytes without_kind(ByteView body) { return to_bytes(body.subspan(2)); }

void add_handshake(Seeds& seeds) {
    ratchet::testing::Pair pair("seeds");
    auto first = ratchet::Initiator::start(pair.from_initiator(), pair.initiator.random);
    auto response = respond(pair.from_responder(), first.init(), pair.responder.random).value();
    seeds["flights/made-init"] = without_kind(first.init());
    seeds["flights/made-answer"] = without_kind(response.answer);
    seeds["flights/made-header"] = to_bytes(ratchet::encode(ratchet::Header{{}, 1, 2, {}}));
    auto finished = first.finish(pair.from_initiator(), response.answer, pair.initiator.random).value();
    (void)response.session.open(finished.confirmation, noon).value();
    seeds["flights/made-session"] = to_bytes(response.session.save(noon).reveal());
    // One seals, the other opens; both seal; damaged; one restarts. See session.cpp.
    seeds["session/made-talk"] = {1, 5, 7, 3, 0, 0, 5, 7, 2, 0, 1, 9, 9, 1, 8, 8, 3, 2, 5, 1, 4, 0, 1, 3, 1, 7, 6};
}

void add_contents(Seeds& seeds, Random& random) {
    const client::FileOffer offer{random.id<client::FileId>(),
                                  std::make_shared<const client::FileSecret>(random.secret<client::FileSecret>()),
                                  5 * client::chunk_size + 7, crypto::Digest256{}, "photo.jpg"};
    const client::FileAnswer answer{offer.id, client::Answer::accept};
    const client::FileStatus status{offer.id, true, 3, {{5, 6}, {8, 8}}};
    const std::map<std::string, client::Said> said{{"text", client::Text{"hello", 60}},
                                                   {"name", client::NewName{"Ada"}},
                                                   {"ttl", client::TimeToLive{300}},
                                                   {"offer", offer},
                                                   {"answer", answer}};
    for (const auto& [name, what] : said) {
        const client::Content content{random.id<client::ContentId>(),    2,   {}, {},
                                      {{client::IdentityId(), {1, {}}}}, what};
        seeds["content/made-" + name] = client::encode(content);
    }
    const auto content = seeds["content/made-text"];
    const client::DeliveryAck ack{3, {{5, 6}}, true};
    const client::Envelope with_content{.ack = ack,
                                        .head = {2, {}},
                                        .sent = 4,
                                        .settled = 3,
                                        .signs = {true, 2},
                                        .content = client::Numbered{4, content}};
    seeds["content/made-envelope"] = to_bytes(client::encode(with_content).reveal());
    seeds["content/made-signal"] =
        to_bytes(client::encode(client::Envelope{.ack = {}, .head = {}, .signal = status}).reveal());

    Bytes bytes;
    Writer out(bytes);
    write(out, offer);
    seeds["file/made-offer"] = chosen(0, std::exchange(bytes, {}));
    write(out, answer);
    seeds["file/made-answer"] = chosen(1, bytes);
    seeds["file/made-status"] = chosen(2, client::encode(status));
    // Chunk, place (u16), how many bytes are laid over it: see file.cpp.
    seeds["file/made-chunks"] = chosen(3, Bytes{0, 0, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0, 2, 0, 40, 1, 9});
}

/// Talk of client_core.cpp: somebody says something, and what comes by then.
void add_talk(Seeds& seeds) {
    const Bytes fresh{0, 10, 50, 7, 7, 7, 7, 7, 7, 7, 7, 0, 7, 1, 7, 10, 50, 7, 7, 7, 7, 4, 60, 7, 7, 7, 7};
    seeds["client_core/made-fresh"] = fresh;
    auto again = fresh;
    again[0] = 1;
    seeds["client_core/made-again"] = again;
    seeds["client_core/made-restart"] = {1, 0, 7, 1, 7, 10, 20, 7, 7, 7, 7, 8, 7, 7, 10, 20, 6, 7, 7, 0, 7, 10, 200};
}

void add_pairing(Seeds& seeds) {
    const auto add = [&](const std::string& name, const client::PairingMessage& message) {
        auto body = client::encode(message);
        while (body.back() == 0) body.pop_back();  // the target pads again
        seeds["pairing/made-" + name] = body;
    };
    crypto::Spake2Share share{};
    share.fill(4);
    add("share", client::ShareMessage{share});
    add("answer", client::AnswerMessage{share, {5}});
    add("burned", client::BurnedMessage{});
}

void add_saved(Seeds& seeds, Random& random) {
    const client::Persona persona{identity::Identity::generate(random)};
    std::vector<std::unique_ptr<store::Room>> rooms;
    const identity::RelayAddress relay{"relay.example.org", 5555};
    rooms.push_back(std::make_unique<store::Room>(identity::Link{relay, random.secret<identity::RoomSecret>(), {}},
                                                  client::WallSeconds{1'700'000'000}));
    const auto contents = store::encode(persona, rooms);
    seeds["saved_state/made-person"] = chosen(1, client::save(persona).reveal());
    seeds["saved_state/made-contents"] = chosen(2, contents.reveal());
    seeds["saved_state/made-room"] = chosen(0, Bytes{0, 0, 0, 60, 0, 0, 0, 1});  // laid over one from byte 60 on

    const auto source = store::new_key_source(store::Unlock::Kind::key_file, {}, random);
    const auto key = store::derive_key({store::Unlock::Kind::key_file, SecretBytes(Bytes(32, 7))}, source);
    const auto file = store::seal_file({source, 3}, bytes_of("inside"), key, random);
    seeds["profile_file/made-file"] = file;
    seeds["profile_file/made-change"] = {0, 45, 9};
    seeds["profile_file/made-longer"] = {0x81, 0, 'p'};
}

}  // namespace

void add_seeds_of_people(Seeds& seeds) {
    test::SeededRandom random{1};
    add_texts(seeds);
    add_identities(seeds, random);
    add_handshake(seeds);
    add_contents(seeds, random);
    add_talk(seeds);
    add_pairing(seeds);
    add_saved(seeds, random);
}

}  // namespace parley::fuzz
