#include "hostile/catalogue.h"

#include "hostile/again.h"
#include "hostile/damage.h"
#include "hostile/epoch.h"
#include "hostile/impostor.h"
#include "hostile/keys.h"
#include "hostile/late.h"
#include "hostile/presence.h"
#include "hostile/withheld.h"

namespace parley::hostile {
namespace {

template <class T>
AttackPtr make(std::uint64_t seed) {
    return std::make_unique<T>(seed);
}

constexpr Entry entries[] = {
    {"swap-card", "shows everyone a person of its own in the others' places, and sits in between", 2, make<SwapCard>},
    {"swap-ephemeral", "replaces the P-256 keys of every handshake by its own", 2, make<SwapEphemeral>},
    {"swap-kem", "sits in the middle of the ML-KEM half of every handshake", 2, make<SwapKem>},
    {"strip-hybrid", "claims that one side knows no post-quantum half", 2, make<StripHybrid>},
    {"ghost-seat", "adds a person to every room", 2, make<GhostSeat>},
    {"fork", "hides one author from one reader, and from nobody else", 3, make<Fork>},
    {"drop", "holds one message of three back for good", 2, make<Drop>},
    {"reorder", "lets messages change places", 2, make<Reorder>},
    {"replay", "gives every second message twice", 2, make<Replay>},
    {"replay-room", "gives what one client got again, to it and to everybody else", 2, make<ReplayRoom>},
    {"delay", "holds one message of three for 5 s", 2, make<Delay>},
    {"truncate", "cuts the end off one message of three", 2, make<Truncate>},
    {"flip", "flips a bit of one message of three", 2, make<Flip>},
    {"rollback", "ends connections, and goes on in an older life of the room", 2, make<Rollback>},
    {"withhold-acks", "keeps everything from one client that would confirm what it said", 2, make<WithholdAcks>},
    {"lie-about-presence", "says that people are away or gone who are here", 2, make<LieAboutPresence>},
    {"slow", "lets one frame through every 200 ms, each way", 2, make<Slow>},
};

}  // namespace

std::span<const Entry> catalogue() { return entries; }

std::string attack_names() {
    std::string names;
    for (const auto& entry : entries) names += (names.empty() ? "" : ", ") + std::string(entry.name);
    return names;
}

Result<AttackPtr> make_attack(std::string_view names, std::uint64_t seed) {
    std::vector<AttackPtr> attacks;
    while (true) {
        const auto comma = names.find(',');
        const auto entry = std::ranges::find(entries, names.substr(0, comma), &Entry::name);
        if (entry == std::end(entries)) return fail(Errc::bad_input, "there is no such attack");
        attacks.push_back(entry->make(seed));
        if (comma == names.npos) break;
        names.remove_prefix(comma + 1);
    }
    if (attacks.size() == 1) return std::move(attacks.front());
    return std::make_unique<Sequence>(std::move(attacks));
}

}  // namespace parley::hostile
