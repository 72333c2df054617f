// One host per data folder: two would run the same task at once.
#pragma once

#include <filesystem>

namespace crm::sample {

// Held until the process ends, however it ends.
class DataLock {
  public:
    // Waits a moment for a host that is just ending; throws std::runtime_error when another one goes on.
    explicit DataLock(const std::filesystem::path& data);
    ~DataLock();
    DataLock(const DataLock&) = delete;
    DataLock& operator=(const DataLock&) = delete;

  private:
    int file_ = -1;
};

}  // namespace crm::sample
