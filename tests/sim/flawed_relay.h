// A relay that means well and has one flaw.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "hostile/interceptor.h"
#include "sim/flaw.h"

namespace parley::sim {

class FlawedRelay final : public hostile::Interceptor {
public:
    FlawedRelay(Flaw flaw, std::shared_ptr<hostile::Interceptor> wire) : flaw_(flaw), wire_(std::move(wire)) {}

    std::vector<hostile::Passing> pass(hostile::Passing frame, Time now) override;
    std::vector<hostile::Passing> on_time(Time now) override { return wire_->on_time(now); }
    std::optional<Time> next_deadline() const override { return wire_->next_deadline(); }

private:
    std::vector<hostile::Passing> spoil(hostile::Passing frame, Time now);

    const Flaw flaw_;
    const std::shared_ptr<hostile::Interceptor> wire_;
    std::size_t delivered_ = 0;
    std::optional<hostile::Passing> kept_back_;
};

}  // namespace parley::sim
