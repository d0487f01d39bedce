#include "model/ratchet_vectors.h"

#include <vector>

#include "unit/ratchet/people.h"

namespace parley::ratchet::testing {
namespace {

/// Lines of JSON, one member each.
class Json {
public:
    void open(std::string_view name) { line(quoted(name) + ": {"), ++depth_, first_ = true; }
    void close() { end("}"); }
    void member(std::string_view name, std::string_view value) { line(quoted(name) + ": " + quoted(value)); }
    void raw(const std::string& text) { line(text); }
    void open_list(std::string_view name) { line(quoted(name) + ": ["), ++depth_, first_ = true; }
    void close_list() { end("]"); }
    std::string finish() const { return "{" + text_ + "\n}\n"; }

    static std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

private:
    void line(const std::string& text) {
        text_ += (first_ ? "\n" : ",\n") + std::string(depth_ * 2, ' ') + text;
        first_ = false;
    }
    void end(std::string_view bracket) {
        --depth_;
        text_ += '\n' + std::string(depth_ * 2, ' ') + std::string(bracket);
        first_ = false;
    }

    std::string text_;
    std::size_t depth_ = 1;
    bool first_ = true;
};

/// A conversation in both directions, with a loss, an overtaking and a late body of an old chain.
class Conversation {
public:
    explicit Conversation(Json& json) : json_(json) {
        // The identities came out of other seeds, so that each side's randomness begins at its Init or Answer.
        describe("initiator", pair_.initiator);
        describe("responder", pair_.responder);
        json_.member("room", pair_.room.hex());
        shake_hands();
        json_.open_list("events");
        play();
        json_.close_list();
    }

private:
    void describe(std::string_view role, const Person& person) {
        json_.open(role);
        json_.member("identity", to_hex(person.who().bytes()));
        json_.member("agreement_scalar", to_hex(person.identity.agreement_key().save().reveal()));
        json_.member("card", to_hex(person.card));
        json_.member("seed", role);
        json_.close();
    }
    void shake_hands() {
        auto first = Initiator::start(pair_.from_initiator(), initiator_random_);
        auto response = respond(pair_.from_responder(), first.init(), responder_random_).value();
        auto finished = first.finish(pair_.from_initiator(), response.answer, initiator_random_).value();
        json_.member("init", to_hex(first.init()));
        json_.member("answer", to_hex(response.answer));
        json_.member("transcript", finished.session.transcript().hex());
        json_.member("confirmation", to_hex(finished.confirmation));
        (void)response.session.open(finished.confirmation, noon).value();
        initiator_ = std::move(finished.session);
        responder_ = std::move(response.session);
    }
    void play() {
        from_initiator("hello");
        open(0);
        from_responder("Grüße");
        from_responder("");
        open(2);
        from_initiator("not in sight of body 1 yet");
        from_initiator("lost for good");
        from_initiator("it overtakes");
        open(5);
        open(1);
        from_responder("a second turn");
        open(6);
        from_initiator("and a third");
        open(7);
        open(3);
    }
    void from_initiator(std::string_view content) {
        seal("initiator", *initiator_, *responder_, content, initiator_random_);
    }
    void from_responder(std::string_view content) {
        seal("responder", *responder_, *initiator_, content, responder_random_);
    }
    void seal(std::string_view role, Session& from, Session& to, std::string_view content, Random& random) {
        const auto body = from.seal(bytes_of(content), random).value();
        json_.raw("{\"seal\": " + Json::quoted(role) + ", \"content\": " + Json::quoted(content) +
                  ", \"body\": " + Json::quoted(to_hex(body)) + "}");
        sent_.push_back({body, std::string(content), &to});
    }
    void open(std::size_t index) {
        const auto& sent = sent_[index];
        EXPECT_EQ(text(sent.to->open(sent.body, noon)), sent.content) << "event of body " << index;
        json_.raw("{\"open\": " + std::to_string(index) + "}");
    }

    struct Sent {
        Bytes body;
        std::string content;
        Session* to;
    };

    Json& json_;
    Pair pair_{"vectors"};
    SeededRandom initiator_random_{"initiator"};
    SeededRandom responder_random_{"responder"};
    std::optional<Session> initiator_;
    std::optional<Session> responder_;
    std::vector<Sent> sent_;
};

}  // namespace

std::string ratchet_vectors() {
    Json json;
    json.member(
        "what",
        "PROTOCOL 3: handshake and ratchet; random = SHA-256(seed || u32 counter), one block per 32 bytes begun");
    const Conversation conversation(json);
    return json.finish();
}

}  // namespace parley::ratchet::testing
