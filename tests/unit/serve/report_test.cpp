#include "serve/report.h"

#include <gtest/gtest.h>

namespace parley::serve {
namespace {

bool begins(const std::string& answer, std::string_view status) {
    return answer.starts_with("HTTP/1.1 " + std::string(status) + " ");
}

Condition healthy() { return {.newcomers_memory = 1000}; }

TEST(RequestedPath, is_that_of_a_get) {
    EXPECT_EQ(requested_path("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"), "/metrics");
    EXPECT_EQ(requested_path("GET / HTTP/1.0\r\n\r\n"), "/");
}

TEST(RequestedPath, of_anything_else_is_none) {
    for (const auto* head :
         {"", "\r\n\r\n", "GET", "GET ", "GET /metrics", "GET /metrics\r\n HTTP/1.1", "POST /metrics HTTP/1.1\r\n\r\n",
          "get /metrics HTTP/1.1\r\n\r\n", "GET /a b HTTP/1.1\r\n\r\n", "GET /x HTTP/2\r\n\r\n"}) {
        EXPECT_FALSE(requested_path(head)) << head;
    }
    EXPECT_TRUE(begins(answer_to(std::nullopt, healthy()), "400"));
    EXPECT_TRUE(begins(answer_to("/", healthy()), "404"));
}

TEST(Metrics, are_counts_in_the_text_format) {
    auto condition = healthy();
    condition.counts.connections = 3;
    condition.counts.refused[static_cast<std::size_t>(wire::RefuseReason::slow_reader)] = 2;
    condition.counts.knocks[static_cast<std::size_t>(relay::Knock::too_fast)] = 7;
    condition.certificate_expires = 1'900'000'000;
    const auto page = answer_to("/metrics", condition);
    EXPECT_TRUE(begins(page, "200"));
    for (const auto* line :
         {"\n# TYPE parley_connections gauge\nparley_connections 3\n", "\n# TYPE parley_frames_in_total counter\n",
          "\nparley_refused_total{reason=\"slow_reader\"} 2\n", "\nparley_refused_total{reason=\"wrong_token\"} 0\n",
          "\nparley_knocks_total{answer=\"too_fast\"} 7\n", "\nparley_certificate_expires_seconds 1900000000\n"}) {
        EXPECT_NE(page.find(line), std::string::npos) << line << " is not in\n" << page;
    }
    const auto body = page.substr(page.find("\r\n\r\n") + 4);
    EXPECT_NE(page.find("Content-Length: " + std::to_string(body.size()) + "\r\n"), std::string::npos);
}

TEST(Metrics, without_tls_name_no_certificate) {
    EXPECT_EQ(answer_to("/metrics", healthy()).find("certificate"), std::string::npos);
}

TEST(Health, is_that_every_loop_answers) {
    auto condition = healthy();
    EXPECT_TRUE(begins(answer_to("/healthz", condition), "200"));
    condition.stopping = true;
    EXPECT_TRUE(begins(answer_to("/healthz", condition), "200"));
    condition.alive = false;
    EXPECT_TRUE(begins(answer_to("/healthz", condition), "503"));
}

TEST(Readiness, ends_with_the_memory_for_newcomers_and_with_a_planned_stop) {
    auto condition = healthy();
    condition.counts.charged = 999;
    EXPECT_TRUE(begins(answer_to("/readyz", condition), "200"));
    condition.counts.charged = 1000;
    EXPECT_TRUE(begins(answer_to("/readyz", condition), "503"));
    condition.counts.charged = 0;
    condition.stopping = true;
    EXPECT_TRUE(begins(answer_to("/readyz", condition), "503"));
    condition.stopping = false;
    condition.alive = false;
    EXPECT_TRUE(begins(answer_to("/readyz", condition), "503"));
}

TEST(Counts, of_all_loops_add_up) {
    Counts one, other;
    one.rooms = 1;
    other.rooms = 2;
    other.refused[3] = 4;
    other.knocks[5] = 6;
    one += other;
    EXPECT_EQ(one.rooms, 3U);
    EXPECT_EQ(one.refused[3], 4U);
    EXPECT_EQ(one.knocks[5], 6U);
}

}  // namespace
}  // namespace parley::serve
