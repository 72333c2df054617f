// A folder for one run, gone with everything in it afterwards.
#pragma once

#include <filesystem>
#include <string>

namespace crm::detail {

class ScratchFolder {
  public:
    // Among the temporary files, for this user only; its name begins with `prefix`.
    // Throws crm::Error(CRM_INTERNAL).
    explicit ScratchFolder(const std::string& prefix);
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace crm::detail
