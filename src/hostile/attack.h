// An attack: it aims at some frames, strikes at them, and can say afterwards what it did. Pure and seeded: the same
// frames in the same order are struck in the same way, in a world of virtual time and on sockets.
#pragma once

#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "hostile/interceptor.h"

namespace parley::hostile {

/// What an attack did to one frame: its type and whose connection, never what is in it.
struct Deed {
    std::string_view attack;
    std::string_view what;  ///< a literal
    std::size_t client;
    Direction direction;
    std::uint8_t type;
    std::size_t size;
};
/// "flip: a bit of a Deliver to client 1 (4129 bytes) was flipped"
std::string describe(const Deed& deed);

class Attack : public Interceptor {
public:
    /// At most so many strikes; then it is an honest wire, but for what it still holds back.
    virtual void limit(std::size_t strikes) = 0;
    /// What was done since it was asked last.
    virtual std::vector<Deed> take_deeds() = 0;
};
using AttackPtr = std::unique_ptr<Attack>;

/// One attack of the catalogue.
class OneAttack : public Attack {
public:
    std::vector<Passing> pass(Passing frame, Time now) final;
    void limit(std::size_t strikes) final { strikes_left_ = strikes; }
    std::vector<Deed> take_deeds() final { return std::exchange(deeds_, {}); }

protected:
    OneAttack(std::string_view name, std::string_view deed) : name_(name), deed_(deed) {}

    /// Sees every frame as it came, struck or not.
    virtual void watch(const Passing&) {}
    virtual bool aims_at(const Passing& frame, Time now) = 0;
    virtual std::vector<Passing> strike(Passing frame, Time now) = 0;
    virtual std::vector<Passing> spare(Passing frame, Time) { return only(std::move(frame)); }
    virtual std::string_view deed_at(const Passing&) const { return deed_; }
    bool is_over() const { return strikes_left_ == 0; }

private:
    std::string_view name_;
    std::string_view deed_;
    std::size_t strikes_left_ = std::numeric_limits<std::size_t>::max();
    std::vector<Deed> deeds_;
};

/// Several at once: what one of them lets out goes through the next.
class Sequence final : public Attack {
public:
    explicit Sequence(std::vector<AttackPtr> attacks) : attacks_(std::move(attacks)) {}

    std::vector<Passing> pass(Passing frame, Time now) override;
    std::vector<Passing> on_time(Time now) override;
    std::optional<Time> next_deadline() const override;
    void limit(std::size_t strikes) override;
    std::vector<Deed> take_deeds() override;

private:
    std::vector<Passing> through_from(std::size_t first, std::vector<Passing> frames, Time now);

    std::vector<AttackPtr> attacks_;
};

}  // namespace parley::hostile
