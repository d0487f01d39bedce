// parley-relay: forwards sealed frames, keeps them in memory for a while, and can read none of them.
#include <malloc.h>
#include <pthread.h>

#include <csignal>
#include <filesystem>
#include <iostream>

#include "app/relay_options.h"
#include "net/process.h"
#include "net/service_manager.h"
#include "sandbox/sandbox.h"
#include "serve/operator_port.h"

namespace parley::app {
namespace {

void announce(const serve::Relay& relay, const serve::Options& options) {
    for (std::size_t i = 0; i < options.listen.size(); ++i) {
        auto bound = options.listen[i];
        bound.port = relay.ports()[i];
        std::cout << "parley-relay listening on " << print(bound, relay.pin()) << std::endl;
    }
}

/// A new key has a new pin: what to hand out is said again.
void reload(serve::Relay& relay, const serve::Options& options) {
    if (const auto done = relay.reload_certificate(); done) announce(relay, options);
    else complain(std::string(done.error().what) + ": the certificate in use stays", RelayExit::failed);
}

/// Signals that this thread waits for, so that none interrupts a loop.
sigset_t awaited_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
    return signals;
}

void serve_until_told(serve::Relay& relay, const serve::Options& options, const sigset_t& signals) {
    int signal = SIGHUP;
    while (true) {
        ::sigwait(&signals, &signal);
        if (signal != SIGHUP) return;
        reload(relay, options);
    }
}

/// Where files may be read again later; a file that is a link is also read where it leads to.
std::vector<std::string> readable_folders(const net::TlsFiles& files) {
    std::vector<std::string> folders;
    for (const auto& file : {files.certificate, files.key}) {
        if (file.empty()) continue;
        std::error_code error;
        folders.push_back(std::filesystem::absolute(file).parent_path());
        folders.push_back(std::filesystem::weakly_canonical(file, error).parent_path());
    }
    return folders;
}

void say_if_missing(sandbox::Fence fence, std::string_view name) {
    if (fence == sandbox::Fence::stands) return;
    std::cerr << "parley-relay: this system has no " << name << ": running without that fence" << std::endl;
}

/// None where none is asked for.
Result<std::unique_ptr<serve::OperatorPort>> operator_port(serve::Relay& relay, const serve::Options& options) {
    if (!options.metrics) return nullptr;
    const auto condition = [&relay] { return relay.condition(); };
    return serve::OperatorPort::listen(options.metrics->host, options.metrics->port, condition);
}

void run_all(serve::Relay& relay, serve::OperatorPort* port) {
    relay.run();
    if (port != nullptr) port->run();
}

#if defined(PARLEY_SANITIZED)
constexpr bool fenced = false;  // a sanitizer makes calls and reads files of its own
#else
constexpr bool fenced = true;
#endif

/// Files are fenced off before there are threads, which get it from this one; calls when all of them run.
void start_confined(serve::Relay& relay, serve::OperatorPort* port, const serve::Options& options) {
    const auto folders = readable_folders(options.certificate);
    if (fenced) say_if_missing(sandbox::confine_files(folders), "Landlock");
    run_all(relay, port);
    const auto opening = folders.empty() ? sandbox::Opening::none : sandbox::Opening::reading;
    if (fenced) say_if_missing(sandbox::confine_calls(opening), "seccomp");
}

RelayExit run(const serve::Options& options) {
    const auto signals = awaited_signals();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    auto relay = serve::Relay::listen(options);
    if (!relay) return complain(relay.error().what, RelayExit::failed);
    auto port = operator_port(**relay, options);
    if (!port) return complain(port.error().what, RelayExit::failed);
    const net::ServiceManager manager;
    start_confined(**relay, port->get(), options);
    announce(**relay, options);
    if (*port) std::cout << "parley-relay metrics on " << options.metrics->host << ":" << (*port)->port() << std::endl;
    manager.tell_ready();
    serve_until_told(**relay, options, signals);
    (*relay)->stop();
    return RelayExit::done;
}

}  // namespace
}  // namespace parley::app

int main(int argc, char** argv) {
    using namespace parley::app;
    parley::net::harden_process();
    (void)parley::net::lock_memory();
    ::mallopt(M_ARENA_MAX, 1);
    // Locked memory can be given back at the end of the heap only: what is large, as the queues of a storm, lies apart.
    // What OpenSSL takes for each record (17 KiB) does not: it comes and goes with every message.
    ::mallopt(M_MMAP_THRESHOLD, 32 << 10);
    try {
        const auto read = read_relay_options(argc, argv);
        const auto* options = std::get_if<parley::serve::Options>(&read);
        return static_cast<int>(options == nullptr ? std::get<RelayExit>(read) : run(*options));
    } catch (const std::exception& failure) {
        return static_cast<int>(complain(failure.what(), RelayExit::failed));
    }
}
