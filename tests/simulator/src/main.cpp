#include <Poco/Net/NetSSL.h>
#include <pthread.h>
#include <csignal>

#include <cstdio>
#include <exception>

#include "options.hpp"

namespace {

using namespace metakocka::sim;

TlsFiles tls_files(const Options& options) {
    if (!options.tls_certificate.empty()) return {options.tls_certificate, options.tls_key, {}};
    return make_tls_files(options.tls_dir.empty() ? std::filesystem::path("metakocka-sim-tls")
                                                  : std::filesystem::path(options.tls_dir));
}

int serve(const Options& options) {
    // Blocked before any thread starts, so that only the sigwait below receives them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    Poco::Net::initializeSSL();
    Erp erp(options.erp);
    HttpServer server(erp, options.listen, tls_files(options));
    if (options.admin) {
        std::fprintf(stderr, "metakocka-sim admin http://%s:%u/admin/\n", options.admin->host.c_str(),
                     static_cast<unsigned>(server.listen_admin(*options.admin)));
    }
    std::printf("metakocka-sim ready https://%s:%u/rest/eshop/v1/ companies=1..%u\n",
                options.listen.host.c_str(), static_cast<unsigned>(server.port()),
                static_cast<unsigned>(options.erp.companies));
    std::fflush(stdout);
    int received = 0;
    sigwait(&signals, &received);
    server.stop();
    Poco::Net::uninitializeSSL();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Options options = parse_options(argc, argv);
        if (options.help) {
            std::fputs(usage().c_str(), stdout);
            return 0;
        }
        return serve(options);
    } catch (const std::invalid_argument& error) {
        std::fprintf(stderr, "metakocka-sim: %s\n%s", error.what(), usage().c_str());
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "metakocka-sim: %s\n", error.what());
        return 1;
    }
}
