import { Component, type ReactNode } from 'react';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { CodeMissing } from './code-missing.tsx';
import { PageCodeMissing } from './page-code.ts';

/** Keeps a fault of one page from taking the whole portal with it. */
export class PageFault extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    if (error instanceof PageCodeMissing) return <CodeMissing />;
    return <ProblemNotice error={error} onRetry={() => this.setState({ error: null })} />;
  }
}
