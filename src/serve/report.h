// What the port for operators answers: pure, a request's path and a state in, an answer out.
#pragma once

#include <optional>
#include <string>

#include "serve/counts.h"

namespace parley::serve {

/// A relay as its operator sees it.
struct Condition {
    Counts counts{};
    bool alive = true;  ///< every loop answered
    bool stopping = false;
    std::uint64_t newcomers_memory = 0;                 ///< charged bytes from which on there are no new rooms
    std::optional<std::int64_t> certificate_expires{};  ///< seconds since 1970
};

/// The path of a GET request, judged by its first line; none where it is something else.
std::optional<std::string_view> requested_path(std::string_view head);

/// A whole HTTP answer: /metrics in the text format of Prometheus, /healthz, /readyz.
std::string answer_to(std::optional<std::string_view> path, const Condition& condition);

}  // namespace parley::serve
