using Wuts.Server;

return await CommandLine.RunAsync(args);
