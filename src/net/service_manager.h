// Who started this program and waits until it serves: systemd and others that follow sd_notify(3).
#pragma once

namespace parley::net {

class ServiceManager {
public:
    /// The one that NOTIFY_SOCKET names; nobody where it names none. A socket is taken here, because later this program
    /// may take none.
    ServiceManager();
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;
    ~ServiceManager();

    void tell_ready() const;

private:
    int socket_ = -1;
};

}  // namespace parley::net
