#include "hold/crowd.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/bridge.h"
#include "net/coroutine.h"
#include "net/process.h"

namespace parley::bench {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto tick = 50ms;
constexpr auto ticks_between_words = 20;
constexpr std::uint32_t grace_seconds = 60;

RoomId room_id(std::size_t number) {
    FixedBytes<RoomId::size> bytes{};
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return RoomId(bytes);
}

}  // namespace

class Member {
public:
    Member(asio::io_context& context, const Plan& plan, std::size_t number, Random& random, Counts& counts)
        : context_(context),
          target_(plan.target),
          counts_(counts),
          policy_(random),
          join_{.room = room_id(number % plan.rooms),
                .seat = SeatId(random.bytes<SeatId::size>()),
                .secret = random.bytes<32>(),
                .resume = {},
                .grace_seconds = grace_seconds,
                .token = {}},
          speaks_(number < plan.rooms) {}

    void start() { policy_.start(net::now()); }

    void on_tick() {
        switch (policy_.on_time(net::now())) {
            case client::Connection::Order::nothing: break;
            case client::Connection::Order::connect: asio::co_spawn(context_, connect(), net::rethrow); break;
            case client::Connection::Order::ping: say(wire::Ping{}); break;
            case client::Connection::Order::give_up: transport_->close(); break;
        }
    }

    /// A number that rises, so that whoever hears it knows what it has missed.
    void speak() {
        if (!speaks_ || !policy_.online()) return;
        ++said_;
        FixedBytes<8> body{};
        for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<std::uint8_t>(said_ >> (8 * i));
        say(wire::Post{said_, std::nullopt, {body}});
    }

private:
    asio::awaitable<void> connect() {
        auto dialled = co_await net::dial(target_);
        if (!dialled) {
            ++counts_.failed_dials;
            policy_.on_lost(net::now());
            co_return;
        }
        transport_ = std::move(*dialled);
        stream_ = {};
        out_.clear();
        writing_ = false;
        told_ = false;
        policy_.on_connected(net::now());
        say(join_);
        co_await read();
        end();
    }

    asio::awaitable<void> read() {
        Bytes buffer;
        while (true) {
            buffer = Bytes();
            const bool readable = co_await transport_->wait_readable();
            if (!readable) co_return;
            buffer.resize(16U << 10U);
            const auto size = transport_->read_some(buffer);
            if (!size) co_return;
            const auto piece = ByteView(buffer).first(*size);
            const auto fed = stream_.feed(piece, [this](ByteView frame) { return on_frame(frame); });
            if (!fed) co_return;
            if (std::exchange(owes_ack_, false)) say(wire::Ack{join_.resume->last_seq});
        }
    }

    void end() {
        if (policy_.online()) --counts_.online;
        if (told_) return;
        ++counts_.cut;
        policy_.on_lost(net::now());
    }

    Status on_frame(ByteView bytes) {
        policy_.on_frame(net::now());
        auto frame = wire::decode_relay(bytes);
        if (!frame) return std::unexpected(frame.error());
        std::visit(
            [this](const auto& value) {
                if constexpr (requires { this->on(value); }) this->on(value);
            },
            *frame);
        return {};
    }

    void on(const wire::Welcome& welcome) {
        const bool known = join_.resume && join_.resume->epoch == welcome.epoch;
        if (!known) join_.resume = wire::ResumePoint{welcome.epoch, 0};
        if (!known) expected_ = 0;
        policy_.on_welcome(net::now());
        ++counts_.online;
    }

    void on(const wire::Deliver& deliver) {
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < 8; ++i) number |= std::uint64_t{deliver.body.bytes[i]} << (8 * i);
        if (expected_ != 0) counts_.missed += number - expected_;
        expected_ = number + 1;
        ++counts_.heard;
        join_.resume->last_seq = deliver.seq;
        owes_ack_ = true;
    }

    void on(const wire::Pong&) { policy_.on_pong(); }

    void on(const wire::Restarting& restarting) {
        if (policy_.online()) --counts_.online;
        ++counts_.told;
        told_ = true;
        policy_.on_restarting(net::now(), std::chrono::milliseconds(restarting.after_ms));
        transport_->close();
    }

    void say(const wire::ClientFrame& frame) {
        wire::encode(frame, out_);
        if (!std::exchange(writing_, true)) asio::co_spawn(context_, write(), net::rethrow);
    }

    asio::awaitable<void> write() {
        const auto to = transport_;
        while (to == transport_ && !out_.empty()) {
            const auto bytes = std::exchange(out_, {});
            const bool written = co_await net::write_all(*to, bytes);
            if (!written) break;
        }
        if (to == transport_) writing_ = false;
    }

    asio::io_context& context_;
    const net::Target& target_;
    Counts& counts_;
    client::Connection policy_;
    wire::Join join_;
    const bool speaks_;
    std::uint64_t said_ = 0;
    std::uint64_t expected_ = 0;  ///< the next number of whoever speaks here; 0: any
    std::shared_ptr<net::Transport> transport_;
    wire::Stream stream_;
    Bytes out_;
    bool writing_ = false;
    bool owes_ack_ = false;
    bool told_ = false;
};

Crowd::Crowd(asio::io_context& context, Plan plan) : context_(context), plan_(std::move(plan)) {
    for (std::size_t i = 0; i < plan_.connections; ++i) {
        members_.push_back(std::make_unique<Member>(context_, plan_, i, random_, counts_));
    }
    asio::co_spawn(context_, run(), net::rethrow);
}

Crowd::~Crowd() = default;

asio::awaitable<void> Crowd::run() {
    asio::steady_timer timer(context_);
    std::size_t started = 0;
    for (std::size_t ticks = 0;; ++ticks) {
        for (std::size_t i = 0; i < plan_.dials_at_once && started < members_.size(); ++i) members_[started++]->start();
        for (std::size_t i = 0; i < started; ++i) members_[i]->on_tick();
        if (ticks % ticks_between_words == 0) {
            for (const auto& member : members_) member->speak();
        }
        timer.expires_after(tick);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

}  // namespace parley::bench
