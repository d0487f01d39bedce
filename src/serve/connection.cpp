#include "serve/connection.h"

namespace parley::serve {

void Connection::queue(relay::Outgoing frame, Outboxes& outboxes) {
    if (outbox_ == nullptr) outbox_ = outboxes.lend();
    outbox_->add(std::move(frame));
}

Result<std::size_t> Connection::flush(Outboxes& outboxes) {
    std::size_t total = 0;
    while (outbox_ != nullptr) {
        Buffers buffers;
        outbox_->gather(buffers);
        const auto written = transport_->write_some(buffers);
        if (!written) return std::unexpected(written.error());
        if (*written == 0) break;
        total += *written;
        outbox_->drop_written(*written);
        if (outbox_->empty()) outboxes.take_back(std::move(outbox_));
    }
    return total;
}

}  // namespace parley::serve
