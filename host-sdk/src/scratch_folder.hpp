// A folder for one run, gone with everything in it afterwards.
#pragma once

#include <filesystem>

namespace crm::detail {

class ScratchFolder {
  public:
    // Among the temporary files, for this user only. Throws crm::Error(CRM_INTERNAL).
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace crm::detail
