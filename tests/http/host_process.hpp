// A real crm-host on a free port and a fresh folder, and a client for it.
#pragma once

#include <sys/types.h>

#include <boost/json/value.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace host_test {

struct Answer {
    int status = 0;
    std::map<std::string, std::string> headers;  // lower-case names
    std::string body;

    boost::json::value json() const;
    const boost::json::object& object() const;

  private:
    mutable boost::json::value parsed_;
};

// A folder that disappears with the object.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

inline constexpr const char* kPassword = "correct horse battery";

// Exit code and both outputs of a program that ends by itself.
struct CommandResult {
    int exit_code = -1;
    std::string out;
    std::string err;
};
CommandResult run_program(const std::string& program, const std::string& arguments);
// crm-host.
CommandResult run_host(const std::string& arguments);

class HostProcess {
  public:
    // `options` for crm-host serve, at every start.
    explicit HostProcess(std::vector<std::string> options = {});
    ~HostProcess();
    HostProcess(const HostProcess&) = delete;
    HostProcess& operator=(const HostProcess&) = delete;

    void start();
    // Without waiting until it is ready.
    void launch();
    // SIGTERM; answers as wait does.
    int stop();
    // Until it ends; answers the exit code, 128 after a signal, or -1 when it did not end within twenty
    // seconds.
    int wait();
    void kill();

    std::filesystem::path data() const { return folder_.path() / "data"; }
    std::filesystem::path plugins() const { return folder_.path() / "plugins"; }
    std::uint16_t port() const { return port_; }
    std::string token(const std::string& role);

    using Headers = std::map<std::string, std::string>;
    Answer call(const std::string& method, const std::string& path, const std::string& body = "",
                const Headers& headers = {});
    // With a bearer token of the role.
    Answer as(const std::string& role, const std::string& method, const std::string& path,
              const std::string& body = "");
    // All bytes of the answer until the host closes the connection.
    std::string raw(const std::string& request);

  private:
    TemporaryFolder folder_;
    std::vector<std::string> options_;
    pid_t process_ = -1;
    std::uint16_t port_ = 0;
    std::map<std::string, std::string> tokens_;
};

}  // namespace host_test
