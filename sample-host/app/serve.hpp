// `crm-host serve`
#pragma once

#include "app/options.hpp"

namespace crm::sample {

// Runs until SIGTERM or SIGINT. Answers the exit code.
int serve(const Options& options);

// Creates the data folder, for its owner only.
void prepare_data_folder(const std::filesystem::path& data);

}  // namespace crm::sample
