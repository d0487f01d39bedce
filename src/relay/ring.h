// A queue that grows by doubling and then stays: a steady stream through it allocates nothing.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace parley::relay {

template <class T>
class Ring {
public:
    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }
    T& front() { return items_[first_]; }
    const T& operator[](std::size_t i) const { return items_[(first_ + i) & (items_.size() - 1)]; }

    void push(T item) {
        if (size_ == items_.size()) grow();
        items_[(first_ + size_++) & (items_.size() - 1)] = std::move(item);
    }
    void pop() {
        items_[first_] = T{};
        first_ = (first_ + 1) & (items_.size() - 1);
        --size_;
    }

private:
    void grow() {
        std::vector<T> larger(items_.empty() ? 8 : items_.size() * 2);
        for (std::size_t i = 0; i < size_; ++i) larger[i] = std::move(items_[(first_ + i) & (items_.size() - 1)]);
        items_ = std::move(larger);
        first_ = 0;
    }

    std::vector<T> items_;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

}  // namespace parley::relay
