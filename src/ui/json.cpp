#include "ui/json.h"

#include <array>
#include <cstdint>

#include "ui/filter.h"
#include "ui/plain.h"

namespace parley::ui {
namespace {

using namespace client;

std::string escaped_unit(unsigned unit) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "\\u%04x", unit);
    return text.data();
}

/// Writes the members of one object in order.
class Object {
public:
    explicit Object(std::string_view event) { string("event", event); }

    Object& string(std::string_view key, std::string_view value) { return raw(key, json_string(value)); }
    Object& number(std::string_view key, std::uint64_t value) { return raw(key, std::to_string(value)); }
    Object& boolean(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
    Object& person(const std::optional<Person>& person) { return person ? this->person(*person) : *this; }
    Object& person(const Person& person) {
        return string("name", person.name)
            .string("tag", person.tag)
            .string("id", person.id.hex())
            .string("trust", words_for(person.trust))
            .string("presence", presence_of(person));
    }
    Object& raw(std::string_view key, std::string_view value) {
        text_ += text_.empty() ? "{" : ",";
        text_ += json_string(key) + ":";
        text_ += value;
        return *this;
    }
    std::string text() const { return text_ + "}"; }

private:
    static std::string_view presence_of(const Person& person) {
        switch (person.presence) {
            case Presence::present: return "present";
            case Presence::away: return "away";
            case Presence::gone: return "gone";
        }
        return "";
    }
    std::string text_;
};

std::string_view name_of_state(LineState state) {
    switch (state) {
        case LineState::queued: return "queued";
        case LineState::accepted: return "accepted";
        case LineState::opened: return "opened";
        case LineState::failed: return "failed";
    }
    return "";
}

std::string contact_of(const KnownPerson& known) {
    return Object("contact")
        .string("name", known.name)
        .string("petname", known.petname)
        .string("tag", known.tag)
        .string("trust", words_for(known.trust))
        .raw("first_seen", std::to_string(known.first_seen))
        .raw("last_seen", std::to_string(known.last_seen))
        .text();
}

std::string people_of(const std::vector<Person>& people) {
    std::string list = "[";
    for (const auto& person : people) {
        if (list.size() > 1) list += ",";
        list += Object("person").person(person).text();
    }
    return list + "]";
}

std::string_view name_of_state(FileState state) {
    switch (state) {
        case FileState::opening: return "opening";
        case FileState::offered: return "offered";
        case FileState::running: return "running";
        case FileState::done: return "done";
        case FileState::failed: return "failed";
    }
    return "";
}

/// A file and whom an event about it is about: who offers it, else who answers.
Object file_event(std::string_view event, const FileInfo& file, const std::optional<Person>& person = {}) {
    Object object(event);
    object.number("file", file.number).boolean("ours", file.ours).string("file_name", file.name);
    object.number("size", file.size).person(person ? *person : file.person);
    return object;
}

Object progress_event(std::string_view event, const FileProgress& progress) {
    auto object = file_event(event, progress.file);
    object.number("done", progress.done).number("rate", progress.rate);
    if (progress.left) object.number("left_seconds", static_cast<std::uint64_t>(progress.left->count()));
    return object;
}

std::string files_of(const std::vector<FileList::Entry>& files) {
    std::string list = "[";
    for (const auto& [state, progress] : files) {
        if (list.size() > 1) list += ",";
        list += progress_event("file", progress).string("state", name_of_state(state)).text();
    }
    return list + "]";
}

struct Describe {
    std::string operator()(const Connected& e) const { return Object("connected").boolean("reborn", e.reborn).text(); }
    std::string operator()(const ConnectionLost& e) const {
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(e.retry_in).count();
        return Object("connection_lost")
            .string("reason", e.why.what)
            .number("retry_ms", static_cast<std::uint64_t>(ms))
            .text();
    }
    std::string operator()(const ChannelEstablished& e) const { return Object("channel").person(e.person).text(); }
    std::string operator()(const PresenceChanged& e) const { return Object("presence").person(e.person).text(); }
    std::string operator()(const Renamed& e) const {
        return Object("renamed").person(e.person).string("former_name", e.former_name).text();
    }
    std::string operator()(const MessageReceived& e) const {
        return Object("message")
            .person(e.person)
            .string("text", e.text)
            .boolean("late", e.late)
            .number("ttl", e.ttl)
            .text();
    }
    std::string operator()(const Typing& e) const {
        return Object("typing").person(e.person).boolean("typing", e.typing).text();
    }
    std::string operator()(const ReadBy& e) const {
        return Object("read").person(e.person).number("line", e.line).text();
    }
    std::string operator()(const TimeToLiveChanged& e) const {
        return Object("time_to_live").person(e.person).number("seconds", e.seconds).text();
    }
    std::string operator()(const LineChanged& e) const {
        return Object("line")
            .number("line", e.line)
            .string("state", name_of_state(e.state))
            .string("reason", e.reason)
            .person(e.person)
            .text();
    }
    std::string operator()(const Alarm& e) const {
        return Object("alarm")
            .string("kind", name_of(e.kind))
            .string("what", e.what)
            .number("count", e.count)
            .person(e.person)
            .text();
    }
    std::string operator()(const Roster& e) const {
        return Object("roster")
            .person(e.self)
            .raw("people", people_of(e.people))
            .number("unconfirmed", e.unconfirmed)
            .text();
    }
    std::string operator()(const ContactList& e) const {
        std::string list;
        for (const auto& known : e.contacts) list += (list.empty() ? "" : ",") + contact_of(known);
        return Object("contacts").raw("people", "[" + list + "]").text();
    }
    std::string operator()(const SafetyNumber& e) const {
        return Object("safety_number").person(e.person).string("digits", e.digits).text();
    }
    std::string operator()(const Verified& e) const {
        return Object("verified").person(e.person).boolean("matches", e.matches).text();
    }
    std::string operator()(const CodeReady& e) const { return Object("code").string("code", e.code).text(); }
    std::string operator()(const Notice& e) const { return Object("note").string("text", e.text).text(); }
    std::string operator()(const Refusal& e) const { return Object("error").string("text", e.text).text(); }
    std::string operator()(const Drained& e) const { return Object("end").number("undelivered", e.undelivered).text(); }
    std::string operator()(const FileOffered& e) const {
        return file_event("file_offered", e.file).boolean("resumed", e.resumed).text();
    }
    std::string operator()(const FileAnswered& e) const {
        return file_event("file_answered", e.file, e.person).boolean("accepted", e.accepted).text();
    }
    std::string operator()(const FileProgress& e) const { return progress_event("file_progress", e).text(); }
    std::string operator()(const FileDone& e) const {
        return file_event("file_done", e.file, e.person).string("path", e.path).text();
    }
    std::string operator()(const FileFailed& e) const {
        return file_event("file_failed", e.file, e.person).string("reason", e.reason).text();
    }
    std::string operator()(const FileLeftBehind& e) const {
        return file_event("file_left_behind", e.file, e.person).text();
    }
    std::string operator()(const FileList& e) const {
        return Object("files").raw("files", files_of(e.files)).number("stray_chunks", e.stray_chunks).text();
    }
};

bool is_plain_ascii(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

/// What the filter shows as <001B> or <E0001> becomes the escape of the same character.
std::string escaped_code(char32_t code) {
    if (code < 0x10000) return escaped_unit(static_cast<unsigned>(code));
    const auto rest = static_cast<unsigned>(code) - 0x10000U;
    return escaped_unit(0xd800U + (rest >> 10U)) + escaped_unit(0xdc00U + (rest & 0x3ffU));
}

}  // namespace

std::string json_string(std::string_view text) {
    std::string out = "\"";
    while (!text.empty()) {
        const auto piece = next_character(text);
        if (piece.bytes.size() == 1 && is_plain_ascii(piece.bytes[0])) out += piece.bytes;
        else if (piece.bytes == "\"" || piece.bytes == "\\") (out += '\\') += piece.bytes;
        else if (piece.harmless) out += piece.bytes;
        else out += escaped_code(piece.code);
        text.remove_prefix(piece.bytes.size());
    }
    return out + "\"";
}

void JsonView::write(const std::string& object) {
    const auto whole = object + "\n";
    std::fwrite(whole.data(), 1, whole.size(), out_);
    std::fflush(out_);
}

void JsonView::show(const client::Event& event) { write(std::visit(Describe{}, event)); }
void JsonView::note(std::string_view text) { write(Object("note").string("text", text).text()); }
void JsonView::warn(std::string_view text) { write(Object("error").string("text", text).text()); }

}  // namespace parley::ui
