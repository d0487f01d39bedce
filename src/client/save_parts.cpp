// The parts of a room, saved and restored: histories, what goes out, what came in, lines, posts.
#include "client/delivery.h"
#include "client/history.h"
#include "client/limits.h"
#include "client/lines.h"
#include "client/parcels.h"
#include "client/save.h"

namespace parley::client {
namespace {

constexpr std::size_t smallest_hash = 8 + ContentHash::size;

using Hashes = std::map<std::uint64_t, ContentHash>;

void save_hashes(Saver& out, const Hashes& hashes) {
    out.count(hashes.size());
    for (const auto& [k, hash] : hashes) {
        out.number(k);
        out.id(hash);
    }
}

Hashes load_hashes(Loader& in, std::size_t limit) {
    Hashes hashes;
    for (auto left = in.count(smallest_hash, limit); left > 0; --left) {
        const auto k = in.number<std::uint64_t>();
        in.expect(hashes.empty() || hashes.rbegin()->first < k);
        hashes.emplace_hint(hashes.end(), k, in.id<ContentHash>());
    }
    return hashes;
}

LineState line_state(Loader& in) {
    const auto value = in.number<std::uint8_t>();
    in.expect(value <= static_cast<std::uint8_t>(LineState::failed));
    return static_cast<LineState>(value);
}

}  // namespace

void Chain::save(Saver& out) const {
    out.number(head_.k);
    out.id(head_.hash);
    out.number(first_);
    out.number(highest_);
    save_hashes(out, hashes_);
    save_hashes(out, unimplied());
}

/// What a content says came before it follows from the hash of that one, where it was seen.
std::map<std::uint64_t, ContentHash> Chain::unimplied() const {
    auto left = previous_;
    std::erase_if(left, [this](const auto& entry) { return hashes_.contains(entry.first - 1); });
    return left;
}

Chain Chain::restore(Loader& in) {
    Chain chain;
    chain.head_.k = in.number<std::uint64_t>();
    chain.head_.hash = in.id<ContentHash>();
    chain.first_ = in.number<std::uint64_t>();
    chain.highest_ = in.number<std::uint64_t>();
    chain.hashes_ = load_hashes(in, max_remembered);
    chain.previous_ = load_hashes(in, max_remembered + 1);
    for (const auto& [k, hash] : chain.previous_) in.expect(!chain.hashes_.contains(k - 1));
    for (const auto& [k, hash] : chain.hashes_) {
        const auto before = chain.hashes_.find(k - 1);
        if (before != chain.hashes_.end()) chain.previous_.emplace(k, before->second);
    }
    return chain;
}

std::uint32_t Parcels::note(const std::shared_ptr<const Bytes>& content) {
    const auto [found, is_new] = numbers_.try_emplace(content.get(), static_cast<std::uint32_t>(contents_.size()));
    if (is_new) contents_.push_back(content);
    return found->second;
}

void Parcels::save(Saver& out) const {
    out.count(contents_.size());
    for (const auto& content : contents_) out.bytes(*content);
}

Parcels Parcels::restore(Loader& in) {
    Parcels parcels;
    for (auto left = in.count(4); left > 0; --left) {
        parcels.contents_.push_back(std::make_shared<const Bytes>(to_bytes(in.bytes())));
    }
    return parcels;
}

std::shared_ptr<const Bytes> Parcels::take(Loader& in) {
    const auto number = in.number<std::uint32_t>();
    // They are numbered in the order in which they are spoken of, so that there is one way to write them.
    const bool known = number < contents_.size() && number <= used_;
    in.expect(known);
    if (!known) return std::make_shared<const Bytes>();
    used_ = std::max<std::size_t>(used_, number + 1U);
    return contents_[number];
}

void Outgoing::note_parcels(Parcels& parcels) const {
    for (const auto& [number, sealed] : outstanding_) parcels.note(sealed.parcel.content);
    for (const auto& parcel : waiting_) parcels.note(parcel.content);
}

void Outgoing::save(Saver& out, Parcels& parcels) const {
    const auto save_parcel = [&](const Parcel& parcel) {
        out.number(parcel.line);
        out.number(parcels.note(parcel.content));
    };
    out.number(last_number_);
    out.count(outstanding_.size());
    for (const auto& [number, sealed] : outstanding_) {
        out.number(number);
        save_parcel(sealed.parcel);
        out.bytes(*sealed.body);
        out.age(sealed.posted_at);
        out.flag(sealed.accepted);
        out.flag(sealed.repeated);
    }
    out.count(waiting_.size());
    for (const auto& parcel : waiting_) save_parcel(parcel);
}

Outgoing Outgoing::restore(Loader& in, Parcels& parcels) {
    constexpr std::size_t smallest_parcel = 8 + 4;
    const auto parcel = [&] {
        const auto line = in.number<std::uint64_t>();
        return Parcel{line, parcels.take(in)};
    };
    Outgoing outgoing;
    outgoing.last_number_ = in.number<std::uint64_t>();
    auto& outstanding = outgoing.outstanding_;
    for (auto left = in.count(8 + smallest_parcel + 4 + 8 + 2, max_outstanding); left > 0; --left) {
        const auto number = in.number<std::uint64_t>();
        in.expect(number <= outgoing.last_number_ && (outstanding.empty() || outstanding.rbegin()->first < number));
        auto what = parcel();
        auto body = std::make_shared<const Bytes>(to_bytes(in.bytes()));
        const auto posted_at = in.age();
        const bool accepted = in.flag();
        outstanding.emplace(number, Sealed{std::move(what), std::move(body), posted_at, accepted, in.flag()});
    }
    for (auto left = in.count(smallest_parcel); left > 0; --left) outgoing.waiting_.push_back(parcel());
    return outgoing;
}

void Outgoing::save_chains(Saver& out) const {
    for (const auto& [number, sealed] : outstanding_) out.number(sealed.chain);
}

void Outgoing::load_chains(Loader& in, std::uint32_t current) {
    for (auto& [number, sealed] : outstanding_) {
        sealed.chain = in.number<std::uint32_t>();
        in.expect(sealed.chain <= current);
    }
}

void Incoming::save(Saver& out) const {
    out.number(through_);
    out.number(highest_);
    out.count(beyond_.size());
    for (const auto& [first, last] : beyond_) {
        out.number(first);
        out.number(last);
    }
}

Incoming Incoming::restore(Loader& in) {
    Incoming incoming;
    incoming.through_ = in.number<std::uint64_t>();
    incoming.highest_ = in.number<std::uint64_t>();
    auto below = incoming.through_;
    for (auto left = in.count(16, max_held); left > 0; --left) {
        const auto first = in.number<std::uint64_t>();
        const auto last = in.number<std::uint64_t>();
        in.expect(first > below && first - below >= 2 && last >= first);
        incoming.beyond_.emplace(first, last);
        below = last;
    }
    in.expect(incoming.highest_ >= below);
    return incoming;
}

void Lines::save(Saver& out) const {
    out.number(last_);
    out.count(lines_.size());
    for (const auto& [number, line] : lines_) {
        out.number(number);
        out.number(static_cast<std::uint8_t>(line.shown));
        out.count(line.people.size());
        for (const auto& [person, state] : line.people) {
            out.id(person);
            out.number(static_cast<std::uint8_t>(state));
        }
    }
}

Lines Lines::restore(Loader& in) {
    Lines lines;
    lines.last_ = in.number<std::uint64_t>();
    for (auto left = in.count(8 + 1 + 4); left > 0; --left) {
        const auto number = in.number<std::uint64_t>();
        in.expect(number <= lines.last_ && (lines.lines_.empty() || lines.lines_.rbegin()->first < number));
        Line line;
        line.shown = line_state(in);
        for (auto people = in.count(IdentityId::size + 1); people > 0; --people) {
            const auto person = in.id<IdentityId>();
            in.expect(line.people.empty() || line.people.rbegin()->first < person);
            line.people.emplace(person, line_state(in));
        }
        lines.lines_.emplace(number, std::move(line));
    }
    return lines;
}

}  // namespace parley::client
