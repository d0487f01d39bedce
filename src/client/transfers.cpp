#include "client/transfers.h"

#include "base/ensure.h"
#include "client/file_limits.h"

namespace parley::client {
namespace {

/// Files that ended are listed until there are so many.
constexpr std::size_t max_listed = 200;

}  // namespace

Transfers::File& Transfers::add(FileInfo info, State state) {
    orders_.lasting = true;
    if (files_.size() >= max_listed) {
        std::erase_if(files_, [](const auto& entry) { return std::holds_alternative<Ended>(entry.second.state); });
    }
    const auto number = info.number;
    return files_.emplace(number, File{std::move(info), std::move(state)}).first->second;
}

Transfers::File* Transfers::find(FileNumber number) {
    const auto found = files_.find(number);
    return found == files_.end() ? nullptr : &found->second;
}

FileReceiver* Transfers::receiver(FileNumber number) {
    auto* file = find(number);
    return file == nullptr ? nullptr : std::get_if<FileReceiver>(&file->state);
}

Transfers::Sending* Transfers::sending(FileNumber number) {
    auto* file = find(number);
    return file == nullptr ? nullptr : std::get_if<Sending>(&file->state);
}

Transfers::File* Transfers::ours(const FileId& id) {
    for (auto& [number, file] : files_) {
        const auto* sending = std::get_if<Sending>(&file.state);
        if (sending != nullptr && sending->sender.offer().id == id) return &file;
    }
    return nullptr;
}

/// Only who offered a file speaks for it.
Transfers::File* Transfers::theirs(const FileId& id, const IdentityId& offerer) {
    for (auto& [number, file] : files_) {
        const auto* receiver = std::get_if<FileReceiver>(&file.state);
        if (receiver != nullptr && receiver->offer().id == id && receiver->offerer() == offerer) return &file;
    }
    return nullptr;
}

/// What was dealt with and may be said again.
bool Transfers::is_known(const FileId& id, const IdentityId& offerer) {
    return theirs(id, offerer) != nullptr || std::ranges::find(known_, Known{offerer, id}) != known_.end();
}

void Transfers::end(File& file, bool done) {
    if (!std::holds_alternative<Ended>(file.state)) orders_.jobs.emplace_back(DropFile{file.info.number});
    settle(file, done);
}

/// The disk has nothing of it any more that is not whole.
void Transfers::settle(File& file, bool done) {
    if (const auto* receiver = std::get_if<FileReceiver>(&file.state)) {
        known_.push_back({receiver->offerer(), receiver->offer().id});
        if (known_.size() > max_known_offers) known_.pop_front();
    }
    orders_.lasting = true;
    file.state.emplace<Ended>(done);
}

void Transfers::fail(File& file, std::string_view reason) {
    end(file, false);
    orders_.events.emplace_back(FileFailed{file.info, std::nullopt, reason});
}

void Transfers::answer(const FileReceiver& receiver, Answer answer) {
    orders_.say.emplace_back(FileAnswer{receiver.offer().id, answer});
}

std::size_t Transfers::open_offers() const {
    return static_cast<std::size_t>(std::ranges::count_if(files_, [](const auto& entry) {
        const auto* receiver = std::get_if<FileReceiver>(&entry.second.state);
        return receiver != nullptr && receiver->is_offered();
    }));
}

void Transfers::on_offer(const Person& from, FileOffer offer) {
    // Said again, for those who came later. By somebody else it is another file, whatever it is called.
    if (is_known(offer.id, from.id)) return;
    if (open_offers() >= max_open_offers) {
        orders_.say.emplace_back(FileAnswer{offer.id, Answer::decline});
        return refuse("too many files are offered at once: one was declined");
    }
    const auto number = ++last_;
    FileInfo info{number, from, false, offer.name, offer.size};
    add(info, FileReceiver(number, from.id, std::move(offer)));
    orders_.events.emplace_back(FileOffered{std::move(info)});
}

void Transfers::on_answer(const Person& from, const FileAnswer& answer, Time now) {
    if (auto* file = ours(answer.file)) return on_answer_to_us(*file, from, answer.answer, now);
    auto* file = theirs(answer.file, from.id);
    if (file != nullptr && answer.answer == Answer::stop) fail(*file, "was taken back by who offered it");
}

void Transfers::on_answer_to_us(File& file, const Person& from, Answer answer, Time now) {
    auto& sender = std::get<Sending>(file.state).sender;
    if (!sender.on_answer(from.id, answer, now)) return;
    switch (answer) {
        case Answer::accept: orders_.events.emplace_back(FileAnswered{file.info, from, true}); break;
        case Answer::decline: orders_.events.emplace_back(FileAnswered{file.info, from, false}); break;
        case Answer::stop: orders_.events.emplace_back(FileFailed{file.info, from, "stopped it there"}); break;
        case Answer::complete: orders_.events.emplace_back(FileDone{file.info, from, {}}); break;
        case Answer::damaged:
            orders_.events.emplace_back(FileFailed{file.info, from, "got something else: did the file change?"});
            break;
    }
    end_if_settled(file);
}

void Transfers::end_if_settled(File& file) {
    const auto* sending = std::get_if<Sending>(&file.state);
    const bool waits = sending == nullptr || sending->what.to_newcomers || !sending->sender.settled();
    if (!waits) end(file, sending->sender.somebody_has_it());
}

void Transfers::on_status(const IdentityId& from, const FileStatus& status, Time now) {
    auto* file = ours(status.file);
    if (file == nullptr) return;
    auto& sender = std::get<Sending>(file->state).sender;
    sender.on_status(from, status, now);
    if (!sender.measure(now)) return;
    const auto& meter = sender.meter();
    orders_.events.emplace_back(FileProgress{file->info, meter.done(), meter.rate(), meter.left()});
}

bool Transfers::on_chunk(const IdentityId& from, ByteView body, Time now) {
    for (auto& [number, file] : files_) {
        auto* receiver = std::get_if<FileReceiver>(&file.state);
        if (receiver == nullptr || receiver->offerer() != from) continue;
        auto [verdict, write] = receiver->on_chunk(body, now);
        if (verdict == FileReceiver::Verdict::forged) return false;
        if (write) orders_.jobs.emplace_back(std::move(*write));
        if (verdict != FileReceiver::Verdict::elsewhere) return true;
    }
    if (early_.size() < max_chunks_unwritten && resumes_from(from)) early_.push_back({from, to_bytes(body)});
    else ++stray_chunks_;
    return true;
}

bool Transfers::resumes_from(const IdentityId& offerer) const {
    return std::ranges::any_of(files_, [&](const auto& entry) {
        const auto* receiver = std::get_if<FileReceiver>(&entry.second.state);
        return receiver != nullptr && receiver->offerer() == offerer && receiver->is_resuming();
    });
}

void Transfers::on_result(const FileResult& result, Time now) {
    std::visit([&](const auto& value) { on(value, now); }, result);
}

void Transfers::on(const FileOpened& result, Time) {
    auto* file = find(result.file);
    if (auto* sending = this->sending(result.file)) return on_reopened(*file, *sending, result);
    const auto* opening = file == nullptr ? nullptr : std::get_if<Opening>(&file->state);
    if (opening == nullptr) return;
    file->info.name = result.name;
    file->info.size = result.size;
    FileOffer offer{random_.id<FileId>(), std::make_shared<const FileSecret>(random_.secret<FileSecret>()), result.size,
                    result.hash, result.name};
    orders_.say.emplace_back(offer);
    orders_.events.emplace_back(FileOffered{file->info});
    orders_.lasting = true;
    auto what = opening->what;
    file->state.emplace<Sending>(std::move(what), FileSender(result.file, std::move(offer), audience_));
}

void Transfers::on_reopened(File& file, Sending& sending, const FileOpened& result) {
    const auto& offer = sending.sender.offer();
    if (result.size == offer.size && result.hash == offer.hash) return sending.sender.on_reopened();
    orders_.say.emplace_back(FileAnswer{offer.id, Answer::stop});
    fail(file, "the file changed since it was offered: offer it again");
}

void Transfers::on(const ChunkRead& result, Time) {
    if (auto* sending = this->sending(result.file)) sending->sender.on_read(result.index, result.bytes);
}

void Transfers::on(const FileCreated& result, Time now) {
    auto* receiver = this->receiver(result.file);
    if (receiver == nullptr) return;
    if (receiver->on_created(result.held, now)) {
        orders_.lasting = true;
        answer(*receiver, Answer::accept);
    }
    // Before it says how far it is, or they would come again.
    for (const auto& chunk : std::exchange(early_, {})) on_chunk(chunk.from, chunk.body, now);
    go_on(*receiver, now);
}

void Transfers::on(const ChunkWritten& result, Time now) {
    auto* receiver = this->receiver(result.file);
    if (receiver == nullptr) return;
    receiver->on_written(result.index, now);
    if (receiver->measure(now)) {
        const auto& meter = receiver->meter();
        orders_.events.emplace_back(FileProgress{find(result.file)->info, meter.done(), meter.rate(), meter.left()});
    }
    go_on(*receiver, now);
}

/// What is on its way to us would come again if we said too early how far we are.
bool Transfers::may_tell(const FileReceiver& receiver) const {
    return audience_.is_caught_up() && audience_.is_here(receiver.offerer());
}

/// The last thing said of a file that is whole is how much of it is there; checking its hash may take a while.
void Transfers::go_on(FileReceiver& receiver, Time now) {
    if (may_tell(receiver)) {
        if (auto status = receiver.take_status(now)) {
            orders_.statuses.push_back({receiver.offerer(), std::move(*status)});
        }
    }
    if (auto finish = receiver.take_finish()) orders_.jobs.emplace_back(*finish);
}

void Transfers::on(const FileFinished& result, Time) {
    auto* receiver = this->receiver(result.file);
    if (receiver == nullptr) return;
    answer(*receiver, Answer::complete);
    auto& file = *find(result.file);
    settle(file, true);
    orders_.events.emplace_back(FileDone{file.info, std::nullopt, result.path});
}

void Transfers::on(const FileTrouble& result, Time) {
    auto* file = find(result.file);
    if (file == nullptr || std::holds_alternative<Ended>(file->state)) return;
    if (const auto* receiver = std::get_if<FileReceiver>(&file->state)) {
        answer(*receiver, result.wrong_hash ? Answer::damaged : Answer::stop);
    } else if (const auto* sending = std::get_if<Sending>(&file->state)) {
        orders_.say.emplace_back(FileAnswer{sending->sender.offer().id, Answer::stop});
    }
    settle(*file, false);
    orders_.events.emplace_back(FileFailed{file->info, std::nullopt, result.what});
}

void Transfers::on_said(const FileOffer& offer, const IdentityId& to) {
    if (auto* file = ours(offer.id)) std::get<Sending>(file->state).sender.offered_to(to);
}

void Transfers::on_newcomer(const IdentityId& who) {
    for (const auto& [number, file] : files_) {
        const auto* sending = std::get_if<Sending>(&file.state);
        if (sending == nullptr || !sending->what.to_newcomers) continue;
        const auto& sender = sending->sender;
        if (sender.was_said() && !sender.is_offered_to(who)) orders_.say.emplace_back(sender.offer());
    }
}

void Transfers::on_gone(const IdentityId& who) {
    for (auto& [number, file] : files_) {
        if (auto* sending = std::get_if<Sending>(&file.state)) {
            if (sending->sender.on_gone(who)) {
                orders_.events.emplace_back(FileFailed{file.info, audience_.person(who), "left before it was whole"});
            }
            end_if_settled(file);
        } else if (auto* receiver = std::get_if<FileReceiver>(&file.state); receiver && receiver->offerer() == who) {
            fail(file, "who offered it has left");
        }
    }
}

void Transfers::on_refused(FileNumber number, std::uint64_t index, Time now) {
    if (auto* sending = this->sending(number)) sending->sender.on_refused(index, now);
}

void Transfers::on_new_relay(Time now) {
    for (auto& [number, file] : files_) {
        if (auto* sending = std::get_if<Sending>(&file.state)) sending->sender.on_new_relay();
        if (auto* receiver = std::get_if<FileReceiver>(&file.state)) receiver->ask_anew(now);
    }
}

/// Who ends and comes back does not remember how far we were.
void Transfers::on_back(const IdentityId& who, Time now) {
    for (auto& [number, file] : files_) {
        auto* receiver = std::get_if<FileReceiver>(&file.state);
        if (receiver != nullptr && receiver->offerer() == who) receiver->ask_anew(now);
    }
}

void Transfers::on_caught_up(Time now) {
    for (auto& [number, file] : files_) {
        if (auto* receiver = std::get_if<FileReceiver>(&file.state)) receiver->ask_anew(now);
    }
}

bool Transfers::receives_from(const IdentityId& who) const {
    return std::ranges::any_of(files_, [&](const auto& entry) {
        const auto* receiver = std::get_if<FileReceiver>(&entry.second.state);
        return receiver != nullptr && receiver->is_receiving() && receiver->offerer() == who;
    });
}

void Transfers::on_time(Time now) {
    for (auto& [number, file] : files_) {
        auto* sending = std::get_if<Sending>(&file.state);
        if (sending == nullptr) continue;
        sending->sender.on_time(now);
        for (const auto& who : sending->sender.leave_behind(now)) {
            orders_.events.emplace_back(FileLeftBehind{file.info, audience_.person(who)});
        }
    }
}

std::optional<Time> Transfers::next_deadline() const {
    std::optional<Time> next;
    const auto consider = [&](std::optional<Time> time) {
        if (time && (!next || *time < *next)) next = time;
    };
    for (const auto& [number, file] : files_) {
        if (const auto* sending = std::get_if<Sending>(&file.state)) consider(sending->sender.next_deadline());
        const auto* receiver = std::get_if<FileReceiver>(&file.state);
        if (receiver != nullptr && may_tell(*receiver)) consider(receiver->next_deadline());
    }
    return next;
}

Transfers::InFlight Transfers::in_flight() const {
    InFlight all;
    for (const auto& [number, file] : files_) {
        const auto* sending = std::get_if<Sending>(&file.state);
        if (sending == nullptr) continue;
        all.chunks += sending->sender.chunks_in_flight();
        all.posts += sending->sender.posts_in_flight();
    }
    return all;
}

/// One of each file in turn; the window is that of all files together.
void Transfers::post_chunks(Time now) {
    for (auto& [number, file] : files_) {
        if (auto* sending = std::get_if<Sending>(&file.state)) sending->sender.forget_unreachable();
    }
    for (auto& [number, file] : files_) {
        auto* sending = std::get_if<Sending>(&file.state);
        if (sending == nullptr) continue;
        const auto [chunks, posts] = in_flight();
        const auto room = max_posts_in_flight - std::min(posts, max_posts_in_flight);
        if (chunks < chunk_window) {
            if (auto post = sending->sender.next_post(room, random_, now)) orders_.chunks.push_back(std::move(*post));
        }
        for (const auto index : sending->sender.take_reads()) orders_.jobs.emplace_back(ReadChunk{number, index});
    }
}

FileOrders Transfers::take_orders(bool line_is_clear, Time now) {
    for (auto& [number, file] : files_) {
        if (auto* receiver = std::get_if<FileReceiver>(&file.state)) go_on(*receiver, now);
    }
    if (line_is_clear) post_chunks(now);
    return std::exchange(orders_, {});
}

}  // namespace parley::client
