// What the user asks about files.
#include "client/transfers.h"

namespace parley::client {
namespace {

constexpr std::string_view no_such_file = "there is no file of this number: /files lists them";

}  // namespace

bool Transfers::is_resumed(const std::string& path) const {
    return std::ranges::any_of(files_, [&](const auto& entry) {
        const auto& state = entry.second.state;
        if (const auto* opening = std::get_if<Opening>(&state)) return opening->what.path == path;
        const auto* sending = std::get_if<Sending>(&state);
        return sending != nullptr && sending->what.path == path && !sending->sender.settled();
    });
}

void Transfers::send(const Person& self, const SendFile& command) {
    if (command.unless_resumed && is_resumed(command.path)) return;
    const auto number = ++last_;
    add({number, self, true, command.path, 0}, Opening{command});
    orders_.jobs.emplace_back(OpenFile{number, command.path});
}

void Transfers::get(const GetFile& command) {
    auto* receiver = this->receiver(command.file);
    if (receiver == nullptr || !receiver->is_offered())
        return refuse("no file of this number waits: /files lists them");
    if (receiver->offer().size > max_size_) {
        return refuse("this file is larger than you take: start parley with a larger --max-size");
    }
    orders_.lasting = true;
    orders_.jobs.emplace_back(receiver->accept({command.folder, random_.id<PartId>()}, lasting_));
}

void Transfers::keep() {
    lasting_ = true;
    for (const auto& [number, file] : files_) {
        const auto* receiver = std::get_if<FileReceiver>(&file.state);
        if (const auto job = receiver ? receiver->keep() : std::nullopt) orders_.jobs.emplace_back(*job);
    }
}

void Transfers::decline(FileNumber number) {
    auto* receiver = this->receiver(number);
    if (receiver == nullptr || !receiver->is_offered())
        return refuse("no file of this number waits: /files lists them");
    answer(*receiver, Answer::decline);
    fail(*find(number), "declined");
}

void Transfers::stop(FileNumber number) {
    auto* file = find(number);
    if (file == nullptr || std::holds_alternative<Ended>(file->state)) return refuse(no_such_file);
    if (auto* receiver = std::get_if<FileReceiver>(&file->state)) {
        answer(*receiver, receiver->is_offered() ? Answer::decline : Answer::stop);
    } else if (auto* sending = std::get_if<Sending>(&file->state)) {
        orders_.say.emplace_back(FileAnswer{sending->sender.offer().id, Answer::stop});
    }
    fail(*file, "stopped");
}

void Transfers::withdraw() {
    for (auto& [number, file] : files_) {
        const auto* sending = std::get_if<Sending>(&file.state);
        if (sending == nullptr || sending->sender.somebody_takes_it()) continue;
        const auto& sender = sending->sender;
        if (!sender.settled()) orders_.say.emplace_back(FileAnswer{sender.offer().id, Answer::stop});
        end(file, sender.somebody_has_it());
    }
}

FileList::Entry Transfers::entry_of(const File& file) {
    const auto entry = [&](FileState state, const FileMeter& meter) {
        return FileList::Entry{state, {file.info, meter.done(), meter.rate(), meter.left()}};
    };
    if (const auto* sending = std::get_if<Sending>(&file.state)) {
        const auto state = sending->sender.somebody_takes_it() ? FileState::running : FileState::offered;
        return entry(state, sending->sender.meter());
    }
    if (const auto* receiver = std::get_if<FileReceiver>(&file.state)) {
        return entry(receiver->is_offered() ? FileState::offered : FileState::running, receiver->meter());
    }
    const FileMeter nothing(file.info.size);
    if (std::holds_alternative<Opening>(file.state)) return entry(FileState::opening, nothing);
    return entry(std::get<Ended>(file.state).done ? FileState::done : FileState::failed, nothing);
}

void Transfers::list() {
    FileList all{{}, stray_chunks_};
    for (const auto& [number, file] : files_) all.files.push_back(entry_of(file));
    orders_.events.emplace_back(std::move(all));
}

}  // namespace parley::client
