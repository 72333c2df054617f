#include "app/data_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace crm::sample {

DataLock::DataLock(const std::filesystem::path& data) {
    const std::filesystem::path path = data / "host.lock";
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0) throw std::runtime_error("cannot write to " + path.string());
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
        if (std::chrono::steady_clock::now() > deadline) {
            ::close(file_);
            throw std::runtime_error("another crm-host is running on " + data.string() +
                                     "; end it first, or give this one its own --data folder");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

DataLock::~DataLock() {
    ::close(file_);
}

}  // namespace crm::sample
