// An attack on those messages that a picker takes.
#pragma once

#include "hostile/attack.h"
#include "hostile/picker.h"

namespace parley::hostile {

class PickedAttack : public OneAttack {
protected:
    PickedAttack(std::string_view name, std::string_view deed, Picker picker)
        : OneAttack(name, deed), picker_(std::move(picker)) {}

    bool aims_at(const Passing& frame, Time) override { return picker_.picks(frame); }

private:
    Picker picker_;
};

}  // namespace parley::hostile
