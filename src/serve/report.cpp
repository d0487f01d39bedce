#include "serve/report.h"

namespace parley::serve {
namespace {

constexpr std::array<std::string_view, reasons> reason_names{
    "protocol_error", "wrong_version", "wrong_secret", "seat_taken_over", "room_full",
    "slow_reader",    "too_late",      "too_many",     "no_memory",       "wrong_token"};
constexpr std::array<std::string_view, relay::knocks> knock_names{"welcome",  "full",         "too_many",
                                                                  "too_fast", "too_fast_all", "serves_penalty"};

/// One number of the text format.
struct Metric {
    std::string_view name;
    std::string_view kind;
    std::string_view help;
    std::uint64_t Counts::* value;
};
constexpr std::array metrics{
    Metric{"parley_connections", "gauge", "Connections now.", &Counts::connections},
    Metric{"parley_rooms", "gauge", "Rooms now.", &Counts::rooms},
    Metric{"parley_blocks", "gauge", "Blocks of frames in memory now.", &Counts::blocks},
    Metric{"parley_charged_bytes", "gauge", "Memory as the limits count it.", &Counts::charged},
    Metric{"parley_frames_in_total", "counter", "Frames received.", &Counts::frames_in},
    Metric{"parley_bytes_in_total", "counter", "Bytes received.", &Counts::bytes_in},
    Metric{"parley_bytes_out_total", "counter", "Bytes sent.", &Counts::bytes_out},
    Metric{"parley_pauses_total", "counter", "Times a connection that sent too much was not read.", &Counts::pauses}};

std::string heading(std::string_view name, std::string_view kind, std::string_view help) {
    const std::string metric(name);
    return "# HELP " + metric + " " + std::string(help) + "\n# TYPE " + metric + " " + std::string(kind) + "\n";
}

std::string labelled(std::string_view name, std::string_view label, const auto& names, const auto& values) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        out += std::string(name) + "{" + std::string(label) + "=\"" + std::string(names[i]) + "\"} " +
               std::to_string(values[i]) + "\n";
    }
    return out;
}

std::string page_of(const Condition& condition) {
    std::string page;
    for (const auto& metric : metrics) {
        page += heading(metric.name, metric.kind, metric.help) + std::string(metric.name) + " " +
                std::to_string(condition.counts.*metric.value) + "\n";
    }
    page += heading("parley_refused_total", "counter", "Connections that were told why they end.") +
            labelled("parley_refused_total", "reason", reason_names, condition.counts.refused);
    page += heading("parley_knocks_total", "counter", "New connections, and what the gate said.") +
            labelled("parley_knocks_total", "answer", knock_names, condition.counts.knocks);
    if (!condition.certificate_expires) return page;
    return page + heading("parley_certificate_expires_seconds", "gauge", "End of the certificate, in Unix time.") +
           "parley_certificate_expires_seconds " + std::to_string(*condition.certificate_expires) + "\n";
}

std::string answer(std::string_view status, std::string_view body) {
    return "HTTP/1.1 " + std::string(status) +
           "\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

bool is_ready(const Condition& condition) {
    return condition.alive && !condition.stopping && condition.counts.charged < condition.newcomers_memory;
}

}  // namespace

std::optional<std::string_view> requested_path(std::string_view head) {
    constexpr std::string_view method = "GET ";
    const auto line = head.substr(0, head.find("\r\n"));
    const auto space = line.find(' ', method.size());
    if (!line.starts_with(method) || space == std::string_view::npos) return std::nullopt;
    if (!line.substr(space + 1).starts_with("HTTP/1.")) return std::nullopt;
    return line.substr(method.size(), space - method.size());
}

std::string answer_to(std::optional<std::string_view> path, const Condition& condition) {
    if (!path) return answer("400 Bad Request", "GET /metrics, /healthz or /readyz\n");
    if (*path == "/metrics") return answer("200 OK", page_of(condition));
    if (*path == "/healthz") {
        return condition.alive ? answer("200 OK", "alive\n") : answer("503 Service Unavailable", "stuck\n");
    }
    if (*path == "/readyz") {
        return is_ready(condition) ? answer("200 OK", "ready\n") : answer("503 Service Unavailable", "not ready\n");
    }
    return answer("404 Not Found", "there is /metrics, /healthz and /readyz\n");
}

}  // namespace parley::serve
