// What a member of a room may send about files: offers, statuses and chunks of any bytes are refused, or are the one
// encoding of what they say; and a receiver takes what comes in any order without a chunk it did not get.
#include <cstdlib>

#include "client/chunk.h"
#include "client/file_receiver.h"
#include "ratchet/body.h"
#include "world/random.h"

namespace parley::client {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

struct Everything {
    test::SeededRandom random{1};
    FileOffer offer{FileId{}, std::make_shared<const FileSecret>(random.secret<FileSecret>()), 5 * chunk_size + 7,
                    crypto::Digest256{}, "photo.jpg"};
    std::vector<Bytes> chunks{};

    Everything() {
        for (std::uint64_t index = 0; index < offer.chunks(); ++index) {
            const Bytes plain(size_of_chunk(offer.size, index), static_cast<std::uint8_t>(index));
            chunks.push_back(seal_chunk(offer, index, plain, random));
        }
    }
};

void try_offer(ByteView bytes) {
    Reader in(bytes);
    const auto offer = read_file_offer(in);
    if (!offer) return;
    Bytes again;
    Writer out(again);
    write(out, *offer);
    require(equal(again, bytes));
}

void try_answer(ByteView bytes) {
    Reader in(bytes);
    const auto answer = read_file_answer(in);
    if (!answer) return;
    Bytes again;
    Writer out(again);
    write(out, *answer);
    require(equal(again, bytes));
}

void try_status(ByteView bytes) {
    const auto status = decode_file_status(bytes);
    if (status) require(equal(encode(*status), bytes));
}

/// The input laid over a good chunk from one place on.
Bytes laid_over(const Everything& all, Reader& in) {
    auto body = all.chunks[in.number<std::uint8_t>() % all.chunks.size()];
    const auto at = in.number<std::uint16_t>() % body.size();
    const std::size_t size = in.number<std::uint8_t>();
    const auto rest = in.take(std::min(size, in.remaining()));
    const auto fitting = rest.first(std::min(rest.size(), body.size() - at));
    std::ranges::copy(fitting, body.begin() + static_cast<std::ptrdiff_t>(at));
    return body;
}

/// Whatever is written of it is what was sealed at its place.
void try_chunks(const Everything& all, ByteView bytes) {
    FileReceiver receiver(1, IdentityId{}, all.offer);
    (void)receiver.accept({"/", PartId{}}, false);
    (void)receiver.on_created({}, Time{});
    Reader in(bytes);
    while (in.remaining() > 0 && !in.failed()) {
        const auto [verdict, write] = receiver.on_chunk(laid_over(all, in), Time{});
        if (!write) continue;
        const auto index = write->index;
        require(*write->bytes == Bytes(size_of_chunk(all.offer.size, index), static_cast<std::uint8_t>(index)));
        receiver.on_written(index, Time{});
    }
}

}  // namespace
}  // namespace parley::client

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const parley::client::Everything all;
    const parley::ByteView bytes(data, size);
    if (bytes.empty()) return 0;
    switch (bytes.front() % 4) {
        case 0: parley::client::try_offer(bytes.subspan(1)); break;
        case 1: parley::client::try_answer(bytes.subspan(1)); break;
        case 2: parley::client::try_status(bytes.subspan(1)); break;
        default: parley::client::try_chunks(all, bytes.subspan(1));
    }
    return 0;
}
