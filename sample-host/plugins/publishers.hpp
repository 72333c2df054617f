// Whose modules this host loads: the keys that came with it and those an administrator added. The
// administrator has the last word on both.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "crm/publisher.hpp"

namespace crm::sample {

class Publishers {
  public:
    // `shipped` lies beside the host's programs and is only read; `kept` lies in the data folder, "" when
    // there is none.
    Publishers(std::filesystem::path shipped, std::filesystem::path kept)
        : shipped_(std::move(shipped)), kept_(std::move(kept)) {}

    // Those that are trusted now. A file that is no key, or that others can change, is left out and told to
    // `complaints`.
    std::vector<Publisher> trusted(std::vector<std::string>* complaints = nullptr) const;
    void trust(const Publisher& publisher);
    // By key, fingerprint or name. The one that was meant; nothing when there is none.
    std::optional<Publisher> distrust(const std::string& which);

  private:
    std::filesystem::path file(const Publisher& publisher, const char* extension) const;

    std::filesystem::path shipped_;
    std::filesystem::path kept_;
};

}  // namespace crm::sample
