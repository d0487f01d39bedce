#include "hostile/picker.h"

#include "base/codec.h"

namespace parley::hostile {

std::size_t drawn(std::uint64_t seed, std::uint64_t lane, std::uint64_t place, std::size_t bound) {
    Bytes question;
    Writer writer(question);
    for (const auto number : {seed, lane, place}) writer.number(number);
    const auto digest = crypto::sha256({question});
    return Reader(digest.view()).number<std::uint64_t>() % bound;
}

std::optional<Sighting> Census::see(const Passing& passing) {
    const auto deliver = delivered(passing, ratchet::BodyKind::message);
    if (!deliver) return std::nullopt;
    auto& lane = lanes_[{passing.client, deliver->from}];
    const auto message = crypto::sha256({deliver->body.bytes});
    if (const auto known = lane.numbers.find(message); known != lane.numbers.end()) {
        if (known->second < beginning) return std::nullopt;
        return Sighting{message, known->second, true};
    }
    if (lane.numbers.size() == remembered) lane.numbers.clear();
    const auto number = lane.count++;
    lane.numbers.emplace(message, number);
    if (number < beginning) return std::nullopt;
    return Sighting{message, number, false};
}

bool Picker::picks(const Passing& passing) {
    const auto seen = census_.see(passing);
    if (!seen || (seen->again && repetitions_ == Repetitions::pass)) return false;
    const auto place = seen->number - Census::beginning;
    return place % one_in_ == drawn(seed_, passing.client, place / one_in_, one_in_);
}

}  // namespace parley::hostile
