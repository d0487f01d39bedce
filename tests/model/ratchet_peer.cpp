// The C++ side of the model test: one command a line on standard input, one answer a line on standard output.
//
//   identity                                   -> ours, 130 bytes
//   context ROOM THEIR-IDENTITY CARD CARD      -> initiator | responder   (our card, then theirs)
//   init                                       -> Init
//   answer ANSWER                              -> the confirmation
//   respond INIT                               -> Answer
//   seal CONTENT / open BODY                   -> body / content
// Everything is hexadecimal, "-" is the empty string; "error TEXT" when something is refused.
#include <iostream>
#include <optional>
#include <sstream>

#include "crypto/random.h"
#include "ratchet/handshake.h"

namespace parley::ratchet {
namespace {

Bytes from_hex(const std::string& text) {
    Bytes bytes;
    if (text == "-") return bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
    }
    return bytes;
}
std::string shown(ByteView bytes) { return bytes.empty() ? "-" : to_hex(bytes); }

std::string refused(const Error& error) { return "error " + std::string(error.what); }

class Peer {
public:
    std::string answer_to(const std::string& command, const std::vector<Bytes>& arguments) {
        if (command == "identity") return to_hex(identity_.public_identity().bytes());
        if (command == "context") return meet(arguments);
        if (command == "init") return begin();
        if (command == "answer") return finish(arguments[0]);
        if (command == "respond") return respond_to(arguments[0]);
        if (command == "seal") return seal(arguments[0]);
        if (command == "open") return open(arguments[0]);
        return "error unknown command";
    }

private:
    std::string meet(const std::vector<Bytes>& arguments) {
        room_ = RoomId(FixedView<32>(arguments[0]));
        them_ = identity::PublicIdentity::parse(arguments[1]).value();
        our_card_ = arguments[2];
        their_card_ = arguments[3];
        return initiates(identity_.public_identity(), *them_) ? "initiator" : "responder";
    }
    Context context() const { return {room_, identity_, *them_, our_card_, their_card_}; }

    std::string begin() {
        initiator_ = Initiator::start(context(), random_);
        return to_hex(initiator_->init());
    }
    std::string finish(const Bytes& answer) {
        auto finished = initiator_->finish(context(), answer, random_);
        if (!finished) return refused(finished.error());
        session_ = std::move(finished->session);
        return to_hex(finished->confirmation);
    }
    std::string respond_to(const Bytes& init) {
        auto response = respond(context(), init, random_);
        if (!response) return refused(response.error());
        session_ = std::move(response->session);
        return to_hex(response->answer);
    }
    std::string seal(const Bytes& content) {
        const auto body = session_->seal(content, random_);
        return body ? to_hex(*body) : refused(body.error());
    }
    std::string open(const Bytes& body) {
        const auto content = session_->open(body, Time{});
        return content ? shown(content->reveal()) : refused(content.error());
    }

    crypto::SystemRandom random_;
    identity::Identity identity_ = identity::Identity::generate(random_);
    RoomId room_;
    std::optional<identity::PublicIdentity> them_;
    Bytes our_card_;
    Bytes their_card_;
    std::optional<Initiator> initiator_;
    std::optional<Session> session_;
};

}  // namespace
}  // namespace parley::ratchet

int main() {
    parley::ratchet::Peer peer;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string command;
        words >> command;
        std::vector<parley::Bytes> arguments;
        for (std::string word; words >> word;) arguments.push_back(parley::ratchet::from_hex(word));
        std::cout << peer.answer_to(command, arguments) << std::endl;
    }
}
