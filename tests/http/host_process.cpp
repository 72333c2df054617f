#include "host_process.hpp"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace host_test {
namespace {

std::string program() {
    const char* named = std::getenv("CRM_HOST_BIN");
    return named != nullptr ? named : CRM_HOST_BIN;
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

pid_t spawn(const std::vector<std::string>& arguments, const std::filesystem::path& out) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    const int file = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(file, STDOUT_FILENO);
    ::setenv("CRM_ADMIN_PASSWORD", kPassword, 1);
    std::vector<char*> raw;
    for (const std::string& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
    raw.push_back(nullptr);
    ::execv(raw[0], raw.data());
    ::_exit(127);
}

}  // namespace

boost::json::value Answer::json() const {
    return boost::json::parse(body);
}

const boost::json::object& Answer::object() const {
    parsed_ = json();
    return parsed_.as_object();
}

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "crm-host-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

CommandResult run_host(const std::string& arguments) {
    return run_program(program(), arguments);
}

CommandResult run_program(const std::string& program, const std::string& arguments) {
    const TemporaryFolder folder;
    const auto out = folder.path() / "out";
    const auto err = folder.path() / "err";
    const std::string command = program + " " + arguments + " >" + out.string() + " 2>" + err.string();
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(out), read_file(err)};
}

HostProcess::HostProcess(std::vector<std::string> options) : options_(std::move(options)) {
    std::filesystem::create_directory(plugins());
    start();
}

HostProcess::~HostProcess() {
    kill();
}

void HostProcess::launch() {
    const auto out = folder_.path() / "out.txt";
    std::filesystem::remove(out);
    std::vector<std::string> arguments{program(),       "serve",      "--data",
                                       data().string(), "--plugins",  plugins().string(),
                                       "--listen",      "127.0.0.1:0"};
    arguments.insert(arguments.end(), options_.begin(), options_.end());
    process_ = spawn(arguments, out);
}

void HostProcess::start() {
    launch();
    const auto out = folder_.path() / "out.txt";
    for (int i = 0; i < 600; ++i) {
        int status = 0;
        if (::waitpid(process_, &status, WNOHANG) == process_) {
            process_ = -1;
            throw std::runtime_error("crm-host ended while it started");
        }
        const std::string text = read_file(out);
        const std::string sign = "crm-host ready http://127.0.0.1:";
        const std::size_t at = text.find(sign);
        if (at != std::string::npos && text.find('\n', at) != std::string::npos) {
            port_ = static_cast<std::uint16_t>(std::stoi(text.substr(at + sign.size())));
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    throw std::runtime_error("crm-host did not become ready");
}

int HostProcess::stop() {
    ::kill(process_, SIGTERM);
    return wait();
}

int HostProcess::wait() {
    for (int i = 0; i < 400; ++i) {
        int status = 0;
        if (::waitpid(process_, &status, WNOHANG) == process_) {
            process_ = -1;
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    kill();
    return -1;
}

void HostProcess::kill() {
    if (process_ < 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
}

std::string HostProcess::token(const std::string& role) {
    std::string& known = tokens_[role];
    if (known.empty()) {
        known = Poco::trim(run_host("token --data " + data().string() + " --role " + role).out);
    }
    return known;
}

Answer HostProcess::call(const std::string& method, const std::string& path, const std::string& body,
                         const Headers& headers) {
    Poco::Net::HTTPClientSession session("127.0.0.1", port_);
    session.setTimeout(Poco::Timespan(30, 0));
    Poco::Net::HTTPRequest request(method, path, "HTTP/1.1");
    for (const auto& [name, value] : headers) request.set(name, value);
    if (!body.empty()) {
        request.setContentType("application/json");
        request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    } else if (method != "GET") {
        request.setContentLength(0);
    }
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    std::istream& in = session.receiveResponse(response);
    Answer answer;
    answer.status = response.getStatus();
    Poco::StreamCopier::copyToString(in, answer.body);
    for (const auto& [name, value] : response) answer.headers[Poco::toLower(name)] = value;
    return answer;
}

Answer HostProcess::as(const std::string& role, const std::string& method, const std::string& path,
                       const std::string& body) {
    return call(method, path, body, {{"Authorization", "Bearer " + token(role)}});
}

std::string HostProcess::raw(const std::string& request) {
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port_));
    socket.setReceiveTimeout(Poco::Timespan(30, 0));
    socket.sendBytes(request.data(), static_cast<int>(request.size()));
    std::string answer;
    std::array<char, 4096> buffer{};
    for (int size = 1; size > 0;) {
        size = socket.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
        answer.append(buffer.data(), static_cast<std::size_t>(std::max(size, 0)));
    }
    return answer;
}

}  // namespace host_test
