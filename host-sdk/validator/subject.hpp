// The module a check judges, opened as far as the check needs. What can't be had because another check fails
// is NotExercised with that check's name, so that one fault is reported once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "crm/abi.h"
#include "crm/manifest.hpp"
#include "module_image.hpp"
#include "scenario.hpp"
#include "sealed_file.hpp"

namespace crm::validator {

class Subject {
  public:
    // `scratch` is an empty folder for this process alone; `trusted` are publishers' keys, base64.
    Subject(std::filesystem::path file, std::filesystem::path scratch, Scenario scenario, std::uint64_t seed,
            std::vector<std::string> trusted)
        : file_(std::move(file)),
          scratch_(std::move(scratch)),
          scenario_(std::move(scenario)),
          seed_(seed),
          trusted_(std::move(trusted)) {}

    const std::filesystem::path& file() const { return file_; }
    std::filesystem::path manifest_file() const;
    const std::filesystem::path& scratch() const { return scratch_; }
    // A new empty folder in scratch.
    std::filesystem::path new_folder(const std::string& name) const;
    const Scenario& scenario() const { return scenario_; }
    std::uint64_t seed() const { return seed_; }
    const std::vector<std::string>& trusted() const { return trusted_; }

    std::span<const std::byte> bytes();
    const ModuleImage& image();
    const Manifest& manifest();
    // As it was written.
    std::string manifest_text() const;
    // Maps the sealed bytes. Throws crm::Error with the system's reason.
    const crm_entry* map();
    // The mapped entry, unchecked.
    const crm_entry* mapped();
    // The mapped entry, with the right magic, size and major.
    const crm_entry& entry();
    // crm.connector/1, with all its functions.
    const crm_connector& table();
    crm_module_entry_fn entry_function() {
        mapped();
        return entry_function_;
    }

  private:
    std::filesystem::path file_;
    std::filesystem::path scratch_;
    Scenario scenario_;
    std::uint64_t seed_;
    std::vector<std::string> trusted_;
    std::optional<detail::SealedFile> sealed_;
    std::optional<ModuleImage> image_;
    std::optional<Manifest> manifest_;
    crm_module_entry_fn entry_function_ = nullptr;
    const crm_entry* entry_ = nullptr;
};

}  // namespace crm::validator
