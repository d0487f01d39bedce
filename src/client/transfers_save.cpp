// The files of a room as bytes, and what becomes of them when a later run reads them (PROTOCOL 4.3, 8.1).
#include "base/ensure.h"
#include "client/save.h"
#include "client/transfers.h"

namespace parley::client {
namespace {

enum class Kind : std::uint8_t { opening = 1, sending = 2, receiving = 3 };
enum class Taking : std::uint8_t { offered = 0, wanted = 1, answered = 2 };

void save_offer(Saver& out, const FileOffer& offer) {
    Bytes bytes;
    Writer writer(bytes);
    write(writer, offer);
    out.bytes(bytes);
    wipe(bytes);
}

FileOffer load_offer(Loader& in) {
    Reader reader(in.bytes());
    auto offer = read_file_offer(reader);
    in.expect(offer.has_value());
    if (offer) return std::move(*offer);
    return {{}, std::make_shared<const FileSecret>(FixedBytes<FileSecret::size>{}), 0, {}, {}};
}

void save_what(Saver& out, Kind kind, const SendFile& what) {
    out.number(static_cast<std::uint8_t>(kind));
    out.text(what.path);
    out.flag(what.to_newcomers);
}

SendFile load_what(Loader& in) {
    auto path = in.text();
    return {std::move(path), in.flag()};
}

}  // namespace

void FileSender::save(Saver& out) const {
    save_offer(out, offer_);
    out.count(receivers_.size());
    for (const auto& [who, receiver] : receivers_) {
        out.id(who);
        out.number(static_cast<std::uint8_t>(receiver.stage));
    }
}

FileSender FileSender::restore(Loader& in, FileNumber number, const Audience& audience) {
    FileSender sender(number, load_offer(in), audience);
    sender.file_is_open_ = false;
    auto& receivers = sender.receivers_;
    for (auto left = in.count(IdentityId::size + 1); left > 0; --left) {
        const auto who = in.id<IdentityId>();
        const auto stage = in.number<std::uint8_t>();
        in.expect(receivers.empty() || receivers.rbegin()->first < who);
        in.expect(stage <= static_cast<std::uint8_t>(Stage::without));
        receivers.emplace(who, Receiver{.stage = static_cast<Stage>(stage), .heard = false, .moved_at = in.now()});
    }
    // All of it may have been sent: what is missing is what they say is missing.
    if (sender.somebody_takes_it()) sender.frontier_ = sender.offer_.chunks();
    return sender;
}

void FileReceiver::save(Saver& out) const {
    const auto* creating = std::get_if<Creating>(&state_);
    const bool wanted = creating != nullptr && !creating->answered;
    const auto taken = is_offered() ? Taking::offered : wanted ? Taking::wanted : Taking::answered;
    out.id(offerer_);
    save_offer(out, offer_);
    out.number(static_cast<std::uint8_t>(taken));
    if (taken == Taking::offered) return;
    out.text(place_.folder);
    out.id(place_.part);
}

FileReceiver FileReceiver::restore(Loader& in, FileNumber number) {
    const auto offerer = in.id<IdentityId>();
    FileReceiver receiver(number, offerer, load_offer(in));
    const auto taken = in.number<std::uint8_t>();
    in.expect(taken <= static_cast<std::uint8_t>(Taking::answered));
    if (taken == static_cast<std::uint8_t>(Taking::offered)) return receiver;
    receiver.place_.folder = in.text();
    receiver.place_.part = in.id<PartId>();
    receiver.state_ = Creating{taken == static_cast<std::uint8_t>(Taking::answered)};
    return receiver;
}

void Transfers::save(Saver& out) const {
    out.number(last_);
    const auto goes_on = [](const auto& entry) { return !std::holds_alternative<Ended>(entry.second.state); };
    out.count(static_cast<std::size_t>(std::ranges::count_if(files_, goes_on)));
    for (const auto& [number, file] : files_) {
        if (std::holds_alternative<Ended>(file.state)) continue;
        out.number(number);
        if (const auto* opening = std::get_if<Opening>(&file.state)) {
            save_what(out, Kind::opening, opening->what);
        } else if (const auto* sending = std::get_if<Sending>(&file.state)) {
            save_what(out, Kind::sending, sending->what);
            sending->sender.save(out);
        } else {
            out.number(static_cast<std::uint8_t>(Kind::receiving));
            std::get<FileReceiver>(file.state).save(out);
        }
    }
    out.count(known_.size());
    for (const auto& known : known_) {
        out.id(known.offerer);
        out.id(known.id);
    }
}

void Transfers::load(Loader& in, const Person& self) {
    last_ = in.number<std::uint64_t>();
    for (auto left = in.count(8 + 1); left > 0; --left) load_file(in, self);
    for (auto left = in.count(IdentityId::size + FileId::size, max_known_offers); left > 0; --left) {
        const auto offerer = in.id<IdentityId>();
        known_.push_back({offerer, in.id<FileId>()});
    }
}

void Transfers::load_file(Loader& in, const Person& self) {
    const auto number = in.number<std::uint64_t>();
    in.expect(number <= last_ && (files_.empty() || files_.rbegin()->first < number));
    switch (static_cast<Kind>(in.number<std::uint8_t>())) {
        case Kind::opening: {
            auto what = load_what(in);
            files_.emplace(number, File{{number, self, true, what.path, 0}, Opening{std::move(what)}});
            return;
        }
        case Kind::sending: {
            auto what = load_what(in);
            auto sender = FileSender::restore(in, number, audience_);
            const auto& offer = sender.offer();
            FileInfo info{number, self, true, offer.name, offer.size};
            files_.emplace(number, File{std::move(info), Sending{std::move(what), std::move(sender)}});
            return;
        }
        case Kind::receiving: {
            auto receiver = FileReceiver::restore(in, number);
            const auto& offer = receiver.offer();
            FileInfo info{number, audience_.person(receiver.offerer()), false, offer.name, offer.size};
            files_.emplace(number, File{std::move(info), std::move(receiver)});
            return;
        }
    }
    in.expect(false);
}

void Transfers::resume() {
    for (auto& [number, file] : files_) resume(file);
}

void Transfers::resume(File& file) {
    if (const auto* opening = std::get_if<Opening>(&file.state)) {
        orders_.jobs.emplace_back(OpenFile{file.info.number, opening->what.path});
    } else if (std::holds_alternative<Sending>(file.state)) {
        resume_sending(file);
    } else if (const auto* receiver = std::get_if<FileReceiver>(&file.state)) {
        orders_.events.emplace_back(FileOffered{file.info, !receiver->is_offered()});
        if (!receiver->is_offered()) orders_.jobs.emplace_back(receiver->resume());
    }
}

/// Who has it and who takes it is told again, so that whoever waits for the end knows what is left.
void Transfers::resume_sending(File& file) {
    const auto& [what, sender] = std::get<Sending>(file.state);
    if (sender.was_said() && sender.settled()) return settle(file, sender.somebody_has_it());
    orders_.jobs.emplace_back(OpenFile{file.info.number, what.path});
    orders_.events.emplace_back(FileOffered{file.info, true});
    for (const auto& who : sender.all_at(FileSender::Stage::taking)) {
        orders_.events.emplace_back(FileAnswered{file.info, audience_.person(who), true});
    }
    for (const auto& who : sender.all_at(FileSender::Stage::has_it)) {
        orders_.events.emplace_back(FileDone{file.info, audience_.person(who), {}});
    }
}

}  // namespace parley::client
